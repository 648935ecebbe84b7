namespace WebRtcCore.Stun;

/// <summary>How a long-term key is made of user name, realm and password (RFC 8489, 18.5).</summary>
public enum StunPasswordAlgorithm
{
    /// <summary>MD5, as in RFC 5389.</summary>
    Md5 = 1,

    /// <summary>SHA-256.</summary>
    Sha256 = 2,
}
