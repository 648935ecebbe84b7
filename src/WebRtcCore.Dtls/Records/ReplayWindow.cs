namespace WebRtcCore.Dtls.Records;

/// <summary>
/// Which sequence numbers of one epoch have been seen (RFC 6347 4.1.2.6): the highest, and a bitmap of the 128 up to it.
/// Update it with authenticated records only.
/// </summary>
internal struct ReplayWindow
{
    public const int Size = 128;
    private UInt128 _seen;
    private ulong _highest;

    /// <summary>Whether a record may be new; <see langword="false"/> if it was seen or is too old to tell.</summary>
    public readonly bool IsAcceptable(ulong sequenceNumber)
    {
        if (_seen == UInt128.Zero || sequenceNumber > _highest)
        {
            return true;
        }

        var age = _highest - sequenceNumber;
        return age < Size && (_seen & (UInt128.One << (int)age)) == UInt128.Zero;
    }

    /// <summary>Notes an authenticated record that <see cref="IsAcceptable"/> has let through.</summary>
    public void Accept(ulong sequenceNumber)
    {
        if (_seen == UInt128.Zero || sequenceNumber > _highest)
        {
            var shift = _seen == UInt128.Zero ? Size : sequenceNumber - _highest;
            _seen = (shift >= Size ? UInt128.Zero : _seen << (int)shift) | UInt128.One;
            _highest = sequenceNumber;
            return;
        }

        var age = _highest - sequenceNumber;
        if (age < Size)
        {
            _seen |= UInt128.One << (int)age;
        }
    }
}
