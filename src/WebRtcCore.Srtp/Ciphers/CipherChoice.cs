namespace WebRtcCore.Srtp.Ciphers;

/// <summary>Which implementation of a cipher to take; all give the same bytes.</summary>
internal enum CipherChoice
{
    /// <summary>The fastest that this processor runs.</summary>
    Fastest,

    /// <summary>The platform's cipher, on every processor.</summary>
    Portable,
}
