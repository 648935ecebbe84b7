using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace WebRtcCore.Transport.Sharing;

/// <summary>
/// A local user name fragment as a number, so that finding whom a check is for needs no string. Holds the fragments that connections draw,
/// which are all of one length; nothing else is one.
/// </summary>
/// <param name="Value">The characters.</param>
internal readonly record struct UfragKey(ulong Value)
{
    /// <summary>How long the fragments are that connections draw.</summary>
    public const int Length = sizeof(ulong);

    private const byte Separator = (byte)':';

    /// <summary>The key of a fragment.</summary>
    /// <exception cref="ArgumentException">It has another length.</exception>
    public static UfragKey Of(string fragment)
    {
        Span<byte> bytes = stackalloc byte[Length];
        return fragment.Length == Length && Ascii.FromUtf16(fragment, bytes, out _) == OperationStatus.Done
            ? new UfragKey(BinaryPrimitives.ReadUInt64BigEndian(bytes))
            : throw new ArgumentException("Connections that share a port have fragments of eight characters.", nameof(fragment));
    }

    /// <summary>Reads whom a check is for: what stands before the colon in its USERNAME (RFC 8445, 7.2.2).</summary>
    public static bool TryRead(ReadOnlySpan<byte> username, out UfragKey key)
    {
        key = default;
        if (username.Length <= Length || username[Length] != Separator)
        {
            return false;
        }

        key = new UfragKey(BinaryPrimitives.ReadUInt64BigEndian(username));
        return true;
    }
}
