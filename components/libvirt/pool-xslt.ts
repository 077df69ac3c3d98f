import { xslt } from "./xslt.ts";

/** A user of the hypervisor's. */
export interface Owner {
  readonly user: number;
  readonly group: number;
}

/**
 * XSLT that lets nobody but QEMU's user and root into the pool's folder (https://libvirt.org/formatstorage.html#target-elements):
 * the provider makes disks that all may read, and private host keys are on the machines'. Where libvirt gives QEMU no user
 * of its own, the folder is the connection's user's.
 */
export const poolXslt = (qemu: Owner | null): string =>
  xslt`<?xml version="1.0"?>
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:output omit-xml-declaration="yes"/>
  <xsl:template match="node()|@*"><xsl:copy><xsl:apply-templates select="node()|@*"/></xsl:copy></xsl:template>
  <xsl:template match="/pool/target">
    <xsl:copy><xsl:apply-templates select="node()|@*"/><permissions><mode>0700</mode>${owner(qemu)}</permissions></xsl:copy>
  </xsl:template>
</xsl:stylesheet>
`.text;

const owner = (qemu: Owner | null) => (qemu === null ? xslt`` : xslt`<owner>${qemu.user}</owner><group>${qemu.group}</group>`);
