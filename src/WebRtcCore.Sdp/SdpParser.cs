using System.Diagnostics.CodeAnalysis;

namespace WebRtcCore.Sdp;

/// <summary>
/// Reads a description in one pass, a line at a time: <c>v o s</c>, the session's lines, then m-lines with theirs. It borrows the
/// text for values, checks the form of known attributes at once, and stops at the first fault with its line number.
/// </summary>
internal sealed class SdpParser(string text)
{
    private readonly string _text = text;
    private readonly HashSet<string> _mids = new(StringComparer.Ordinal);
    private int _position;
    private int _lineNumber;
    private readonly SdpSession _session = new();
    private SdpMedia? _media;
    private SdpParseError? _error;

    internal bool TryParse([NotNullWhen(true)] out SdpSession? session, [NotNullWhen(false)] out SdpParseError? error)
    {
        session = null;
        if (CheckLength() && ReadHead() && ReadLines())
        {
            session = _session;
            error = null;
            return true;
        }

        error = _error!;
        return false;
    }

    private bool CheckLength() =>
        _text.Length == 0 ? Fail(SdpErrorKind.Empty, "The description is empty.")
        : _text.Length > SdpLimits.MaxLength ? Fail(SdpErrorKind.TooLong, $"The description is longer than {SdpLimits.MaxLength} characters.")
        : true;

    // RFC 8866 5: v=, o= and s= come first, in this order.
    private bool ReadHead()
    {
        if (!TryReadLine(out var line) || _text.AsSpan(line) is not "v=0")
        {
            return Fail(SdpErrorKind.InvalidVersion, "The first line must be v=0.");
        }

        if (!TryReadLine(out line) || !_text.AsSpan(line).StartsWith("o=") || !SdpOrigin.TryParse(_text.AsSpan(line)[2..], out var origin))
        {
            return Fail(SdpErrorKind.InvalidOrigin, "The second line must be o= with user, id, version and address.");
        }

        if (!TryReadLine(out line) || !_text.AsSpan(line).StartsWith("s="))
        {
            return Fail(SdpErrorKind.MissingSessionName, "The third line must be s=.");
        }

        var name = _text.AsSpan(line)[2..];
        if (!SdpText.IsLineSafe(name))
        {
            return FailCharacter();
        }

        _session.Origin = origin;
        _session.Name = name is "-" ? "-" : name.ToString();
        return true;
    }

    private bool ReadLines()
    {
        while (TryReadLine(out var range))
        {
            var line = _text.AsSpan(range);
            if (line.IsEmpty && _position >= _text.Length)
            {
                // An empty line at the very end is what comes of a text that ends its lines twice.
                return true;
            }

            if (line.Length < 2 || line[1] != '=')
            {
                return Fail(SdpErrorKind.InvalidLine, "A line must be a letter, an equals sign and a value.");
            }

            if (!SdpText.IsLineSafe(line))
            {
                return FailCharacter();
            }

            var value = (range.Start.Value + 2)..range.End.Value;
            var isRead = line[0] switch
            {
                'a' => ReadAttribute(value),
                'm' => ReadMedia(_text.AsSpan(value)),
                _ => ReadOther(line[0], _text.AsMemory(value)),
            };
            if (!isRead)
            {
                return false;
            }
        }

        return true;
    }

    private bool ReadOther(char type, ReadOnlyMemory<char> value)
    {
        // A b= or c= that comes late is put where it belongs; Deviation: RFC 8866 5 has one order only, but nothing depends on it.
        var isAllowed = _media is null ? SdpLine.IsKnownType(type) : type is 'i' or 'c' or 'b' or 'k';
        if (!isAllowed)
        {
            return Fail(SdpErrorKind.InvalidLine, "This type of line must not stand here.");
        }

        (_media?.Lines ?? _session.Lines).Add(SdpLine.FromParsed(type, value));
        return true;
    }

    private bool ReadAttribute(Range line)
    {
        var span = _text.AsSpan(line);
        var colon = span.IndexOf(':');
        var (name, form) = SdpAttributeSyntax.Find(colon < 0 ? span : span[..colon]);
        if (form == SdpAttributeSyntax.Form.Unknown && !SdpText.IsToken(name))
        {
            return Fail(SdpErrorKind.InvalidAttribute, "An attribute's name must be a token.");
        }

        if (!SdpAttributeSyntax.IsWellFormed(form, colon < 0 ? default : span[(colon + 1)..], _media is { IsRtp: true }))
        {
            return Fail(SdpErrorKind.InvalidAttribute, $"The value of a={name} is malformed or out of range.");
        }

        if (form == SdpAttributeSyntax.Form.Mid && _media is not null && !_mids.Add(span[(colon + 1)..].ToString()))
        {
            return Fail(SdpErrorKind.DuplicateMid, "Two m-lines have the same mid.");
        }

        var attribute = colon < 0
            ? SdpAttribute.FromParsed(name, null, 0, 0)
            : SdpAttribute.FromParsed(name, _text, line.Start.Value + colon + 1, span.Length - colon - 1);
        (_media?.Attributes ?? _session.Attributes).Add(attribute);
        return true;
    }

    private bool ReadMedia(ReadOnlySpan<char> value)
    {
        if (_session.Media.Count == SdpLimits.MaxMediaSections)
        {
            return Fail(SdpErrorKind.TooManyMediaSections, $"There are more than {SdpLimits.MaxMediaSections} m-lines.");
        }

        var reader = new SdpFieldReader(value);
        if (!reader.TryRead(out var kind) || !SdpText.IsToken(kind) ||
            !reader.TryRead(out var portField) || !TryReadPort(portField, out var port, out var portCount) ||
            !reader.TryRead(out var protocolField) || !SdpText.IsVisible(protocolField) || reader.IsAtEnd)
        {
            return Fail(SdpErrorKind.InvalidMediaLine, "An m-line must be a kind, a port from 0 to 65535, a protocol and formats.");
        }

        var protocol = SdpStrings.Protocol(protocolField);
        if (!ReadFormats(ref reader, SdpMedia.IsRtpProtocol(protocol), out var formats))
        {
            return false;
        }

        _media = SdpMedia.FromParsed(SdpStrings.Kind(kind), port, portCount, protocol, formats);
        _session.Media.Add(_media);
        _media.Attributes.EnsureCapacity(CountLinesOfSection());
        return true;
    }

    // The lines up to the next m-line: room for its attributes at once is cheaper than a list that grows.
    private int CountLinesOfSection()
    {
        var rest = _text.AsSpan(_position);
        var end = rest.IndexOf("\nm=", StringComparison.Ordinal);
        return (end < 0 ? rest : rest[..(end + 1)]).Count('\n');
    }

    private bool ReadFormats(ref SdpFieldReader reader, bool isRtp, out List<string> formats)
    {
        formats = new List<string>(Math.Min(reader.Rest.Count(' ') + 1, SdpLimits.MaxFormats));
        while (reader.TryRead(out var format))
        {
            if (formats.Count == SdpLimits.MaxFormats)
            {
                return Fail(SdpErrorKind.TooManyFormats, $"An m-line has more than {SdpLimits.MaxFormats} formats.");
            }

            if (!isRtp)
            {
                if (!SdpText.IsVisible(format))
                {
                    return Fail(SdpErrorKind.InvalidMediaLine, "A format must be visible ASCII.");
                }

                formats.Add(SdpStrings.Format(format));
            }
            else if (SdpText.TryParsePayloadType(format, out var payloadType))
            {
                formats.Add(SdpStrings.PayloadType(payloadType));
            }
            else
            {
                return Fail(SdpErrorKind.InvalidPayloadType, "A payload type must be a number from 0 to 127.");
            }
        }

        return true;
    }

    private static bool TryReadPort(ReadOnlySpan<char> field, out int port, out int? portCount)
    {
        portCount = null;
        port = 0;
        var slash = field.IndexOf('/');
        if (slash >= 0)
        {
            if (!SdpText.TryParsePort(field[(slash + 1)..], out var count))
            {
                return false;
            }

            portCount = count;
            field = field[..slash];
        }

        var isRead = SdpText.TryParsePort(field, out var number);
        port = number;
        return isRead;
    }

    private bool TryReadLine(out Range range)
    {
        range = default;
        if (_position >= _text.Length)
        {
            return false;
        }

        _lineNumber++;
        var start = _position;
        var length = _text.AsSpan(start).IndexOf('\n');
        var end = length < 0 ? _text.Length : start + length;
        _position = length < 0 ? _text.Length : end + 1;
        if (end > start && _text[end - 1] == '\r')
        {
            end--;
        }

        range = start..end;
        return true;
    }

    private bool FailCharacter() => Fail(SdpErrorKind.InvalidCharacter, "A line must not hold NUL or a lone CR.");

    private bool Fail(SdpErrorKind kind, string message)
    {
        _error = new SdpParseError(kind, _lineNumber, message);
        return false;
    }
}
