using System.Globalization;
using System.Text;

namespace WebRtcCore.Sdp;

/// <summary>Writes a description, line by line as <see cref="SdpParser"/> reads it.</summary>
internal static class SdpWriter
{
    private const string LineEnd = "\r\n";

    internal static string Write(SdpSession session)
    {
        var text = new StringBuilder(EstimateLength(session));
        text.Append("v=0").Append(LineEnd);
        text.Append("o=").Append(session.Origin).Append(LineEnd);
        text.Append("s=").Append(session.Name).Append(LineEnd);
        WriteLines(text, session.Lines);
        if (!session.Lines.Any(line => line.Type == 't'))
        {
            text.Append("t=0 0").Append(LineEnd);
        }

        WriteAttributes(text, session.Attributes);
        foreach (var media in session.Media)
        {
            WriteMedia(text, media);
        }

        return text.ToString();
    }

    private static int EstimateLength(SdpSession session)
    {
        const int HeadLength = 256;
        const int LineOverhead = 5;
        var length = HeadLength;
        foreach (var attributes in session.Media.Select(m => m.Attributes).Append(session.Attributes))
        {
            length += HeadLength;
            foreach (var attribute in attributes)
            {
                length += attribute.Name.Length + attribute.Value.Length + LineOverhead;
            }
        }

        return length;
    }

    private static void WriteMedia(StringBuilder text, SdpMedia media)
    {
        text.Append("m=").Append(media.Kind).Append(' ').Append(CultureInfo.InvariantCulture, $"{media.Port}");
        if (media.PortCount is { } count)
        {
            text.Append(CultureInfo.InvariantCulture, $"/{count}");
        }

        text.Append(' ').Append(media.Protocol);
        foreach (var format in media.Formats)
        {
            text.Append(' ').Append(format);
        }

        text.Append(LineEnd);
        WriteLines(text, media.Lines);
        WriteAttributes(text, media.Attributes);
    }

    private static void WriteLines(StringBuilder text, IList<SdpLine> lines)
    {
        foreach (var line in lines)
        {
            text.Append(line.Type).Append('=').Append(line.Value.Span).Append(LineEnd);
        }
    }

    private static void WriteAttributes(StringBuilder text, SdpAttributeList attributes)
    {
        foreach (var attribute in attributes)
        {
            text.Append("a=").Append(attribute.Name);
            if (attribute.HasValue)
            {
                text.Append(':').Append(attribute.Value.Span);
            }

            text.Append(LineEnd);
        }
    }
}
