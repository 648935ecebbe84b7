namespace WebRtcCore.Primitives.Cryptography;

/// <summary>Which implementation of a cipher to take; all give the same bytes.</summary>
internal enum CipherChoice
{
    /// <summary>The fastest that this processor runs.</summary>
    Fastest,

    /// <summary>The platform's cipher, on every processor.</summary>
    Portable,

    /// <summary>The processor's AES instructions, and its 128-bit carry-less multiplication for GCM.</summary>
    AesNi,

    /// <summary>The processor's AES instructions, and its 512-bit carry-less multiplication for GCM.</summary>
    AesNiWide,
}
