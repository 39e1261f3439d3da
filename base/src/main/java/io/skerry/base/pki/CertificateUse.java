package io.skerry.base.pki;

/** What a certificate may be used for. */
public enum CertificateUse {
    /** A listener; it may also identify itself as a client, as etcd's own gateway does. */
    SERVER,
    /** A member towards other members: listener and client. */
    PEER,
    /** A client only. */
    CLIENT
}
