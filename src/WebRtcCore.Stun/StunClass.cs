namespace WebRtcCore.Stun;

/// <summary>The class of a STUN message; the values are the two class bits where they stand in the message type (RFC 8489, 5).</summary>
public enum StunClass
{
    /// <summary>Expects a response.</summary>
    Request = 0x000,

    /// <summary>Expects none.</summary>
    Indication = 0x010,

    /// <summary>The request was carried out.</summary>
    SuccessResponse = 0x100,

    /// <summary>The request was refused; ERROR-CODE says why.</summary>
    ErrorResponse = 0x110,
}
