import { type Xslt, xslt } from "./xslt.ts";

/** XML namespace of the tag that everything made by the program carries. */
const tagNamespace = "urn:schedfront";

/** `0000:41:00.0` as libvirt's `<hostdev>` has it (https://libvirt.org/formatdomain.html#host-device-assignment). */
function hostDevice(pciAddress: string): Xslt {
  const [, domain = "", bus = "", slot = "", func = ""] = /^(\w{4}):(\w{2}):(\w{2})\.(\d)$/.exec(pciAddress) ?? [];
  return xslt`<hostdev mode="subsystem" type="pci" managed="yes"><source><address domain="0x${domain}" bus="0x${bus}" slot="0x${slot}" function="0x${func}"/></source></hostdev>`;
}

/** The second disk of each domain. */
const cloudInitDevice = "vdb";

/** What a machine without people needs not: each device costs the guest's kernel time at every boot. */
const unused = xslt`<video><model type="none"/></video><controller type="usb" model="none"/><memballoon model="none"/>`;

/**
 * One socket with all cores, as the scheduler's configuration has it: on several an emulated CPU's kernel takes their clocks for
 * unsynchronised, and asks the HPET instead, which is dear. QEMU emulates `rep stosb` and `rep movsb` byte by byte, which a
 * kernel that finds `erms` takes for each page that it clears or copies: eight times the work of its other ways.
 */
const cpuContents = xslt`<topology sockets="1" dies="1" cores="{/domain/vcpu}" threads="1"/>
      <xsl:if test="@mode='maximum'"><feature policy="disable" name="erms"/></xsl:if>`;

/**
 * XSLT for what the provider's `domain` has no argument for: no display, USB or balloon, one socket, an emulated CPU without
 * what slows it down, cloud-init's disk raw and read-only, the stack's tag in the metadata, the GPUs that are passed through, and
 * a number that is another one after each restoration, by which the kernel knows that its random numbers must not come again.
 */
export const domainXslt = (stack: string, node: string, pciAddresses: readonly string[]): string =>
  xslt`<?xml version="1.0"?>
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:sf="${tagNamespace}">
  <xsl:output omit-xml-declaration="yes"/>
  <xsl:template match="node()|@*"><xsl:copy><xsl:apply-templates select="node()|@*"/></xsl:copy></xsl:template>
  <xsl:template match="/domain/devices/graphics|/domain/devices/video|/domain/devices/channel"/>
  <xsl:template match="/domain/devices">
    <xsl:copy><xsl:apply-templates select="node()|@*"/>${unused}${pciAddresses.map(hostDevice)}</xsl:copy>
  </xsl:template>
  <xsl:template match="/domain/cpu">
    <xsl:copy>
      <xsl:copy-of select="@*"/>
      ${cpuContents}
    </xsl:copy>
  </xsl:template>
  <xsl:template match="/domain/devices/disk[target/@dev='${cloudInitDevice}']/driver"><driver name="qemu" type="raw"/><readonly/></xsl:template>
  <xsl:template match="/domain">
    <xsl:copy>
      <xsl:apply-templates select="@*|name"/>
      <genid/>
      <metadata><sf:domain stack="${stack}" node="${node}"/></metadata>
      <xsl:apply-templates select="*[not(self::name)]"/>
    </xsl:copy>
  </xsl:template>
</xsl:stylesheet>
`.text;
