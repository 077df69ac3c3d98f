import { xslt } from "./xslt.ts";

/** A host's fixed place in the network. */
export interface Reservation {
  readonly host: string;
  readonly mac: string;
  readonly ip: string;
}

const hostElement = ({ host, mac, ip }: Reservation) => xslt`<host mac="${mac}" name="${host}" ip="${ip}"/>`;

/**
 * XSLT that writes the address of every host into the network itself (https://libvirt.org/formatnetwork.html#addressing).
 * The provider's own way, an address at each domain, changes the running network a host at a time and then has to
 * wait for every lease before it can read the address back.
 */
export const networkXslt = (reservations: readonly Reservation[]): string =>
  xslt`<?xml version="1.0"?>
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:output omit-xml-declaration="yes"/>
  <xsl:template match="node()|@*"><xsl:copy><xsl:apply-templates select="node()|@*"/></xsl:copy></xsl:template>
  <xsl:template match="/network/ip/dhcp">
    <xsl:copy><xsl:apply-templates select="node()|@*"/>${reservations.map(hostElement)}</xsl:copy>
  </xsl:template>
</xsl:stylesheet>
`.text;
