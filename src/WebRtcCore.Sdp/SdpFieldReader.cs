namespace WebRtcCore.Sdp;

/// <summary>Reads the space-separated fields of one line. Runs of spaces count as one, as the browsers have it.</summary>
internal ref struct SdpFieldReader(ReadOnlySpan<char> text)
{
    private ReadOnlySpan<char> _rest = text.TrimStart(' ');

    /// <summary>What has not been read, without leading spaces.</summary>
    internal readonly ReadOnlySpan<char> Rest => _rest;

    internal readonly bool IsAtEnd => _rest.IsEmpty;

    /// <summary>Reads up to the next space; false at the end.</summary>
    internal bool TryRead(out ReadOnlySpan<char> field)
    {
        var length = _rest.IndexOf(' ');
        field = length < 0 ? _rest : _rest[..length];
        _rest = length < 0 ? default : _rest[length..].TrimStart(' ');
        return !field.IsEmpty;
    }

    internal bool TryReadNumber(out uint value)
    {
        value = 0;
        return TryRead(out var field) && SdpText.TryParseNumber(field, out value);
    }

    internal bool TryReadPayloadType(out byte value)
    {
        value = 0;
        return TryRead(out var field) && SdpText.TryParsePayloadType(field, out value);
    }

    internal bool TryReadPort(out ushort value)
    {
        value = 0;
        return TryRead(out var field) && SdpText.TryParsePort(field, out value);
    }
}
