using System.Buffers.Binary;

namespace WebRtcCore.Dns;

/// <summary>
/// A DNS message (RFC 1035, 4; RFC 6762, 18) as a view of the datagram, which is borrowed. <see cref="TryParse"/> walks the whole message once;
/// nothing fails afterwards. Nothing in it is proved by anything.
/// </summary>
/// <remarks>
/// <code>
///  0                   1
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5
/// +-------------------------------+
/// |              ID               |
/// |R| Opcode|A|T|D|A| Z   | RCODE |
/// |   questions   |   answers     |   16 bits each
/// |  authorities  |  additionals  |
/// +-------------------------------+
/// | question: name, type, class                                          ...
/// | record: name, type, class, time to live (32), data length, data      ...
/// </code>
/// </remarks>
internal readonly ref struct DnsMessageView
{
    private const int FlagsOffset = 2;
    private const int CountsOffset = 4;
    private readonly ReadOnlySpan<byte> _message;
    private readonly int _recordsOffset;

    private DnsMessageView(ReadOnlySpan<byte> message, int recordsOffset)
    {
        _message = message;
        _recordsOffset = recordsOffset;
    }

    /// <summary>The query's number, which its answer repeats; 0 in multicast messages.</summary>
    public ushort Id => BinaryPrimitives.ReadUInt16BigEndian(_message);

    /// <summary>Whether this is an answer.</summary>
    public bool IsResponse => (Flags & DnsFormat.ResponseFlag) != 0;

    /// <summary>Whether this is a standard query or the answer to one.</summary>
    public bool IsStandard => (Flags & DnsFormat.OpcodeMask) == 0;

    /// <summary>Whether the message was too long for a datagram.</summary>
    public bool IsTruncated => (Flags & DnsFormat.TruncatedFlag) != 0;

    /// <summary>What the server says.</summary>
    public DnsResponseCode ResponseCode => (DnsResponseCode)(Flags & DnsFormat.ResponseCodeMask);

    /// <summary>How many questions there are.</summary>
    public int QuestionCount => Count(_message, 0);

    /// <summary>The questions.</summary>
    public QuestionEnumerator Questions => new(_message);

    /// <summary>The records of all three sections, in their order.</summary>
    public RecordEnumerator Records => new(_message, _recordsOffset);

    private ushort Flags => BinaryPrimitives.ReadUInt16BigEndian(_message[FlagsOffset..]);

    /// <summary>
    /// Parses exactly one message. False if a name, a record or a count runs out of it, if a name's pointers lead nowhere,
    /// or if bytes are left over. Never throws.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> datagram, out DnsMessageView message)
    {
        message = default;
        if (datagram.Length < DnsFormat.HeaderLength)
        {
            return false;
        }

        var offset = DnsFormat.HeaderLength;
        for (var left = Count(datagram, 0); left > 0; left--)
        {
            if (!TryReadQuestion(datagram, ref offset, out _))
            {
                return false;
            }
        }

        var records = offset;
        for (var section = DnsSection.Answer; section <= DnsSection.Additional; section++)
        {
            for (var left = Count(datagram, 1 + (int)section); left > 0; left--)
            {
                if (!TryReadRecord(datagram, section, ref offset, out _))
                {
                    return false;
                }
            }
        }

        if (offset != datagram.Length)
        {
            return false;
        }

        message = new DnsMessageView(datagram, records);
        return true;
    }

    private static int Count(ReadOnlySpan<byte> message, int index) => BinaryPrimitives.ReadUInt16BigEndian(message[(CountsOffset + (2 * index))..]);

    private static bool TryReadQuestion(ReadOnlySpan<byte> message, scoped ref int offset, out DnsQuestionView question)
    {
        question = default;
        if (!DnsNameView.TryRead(message, offset, out var name, out var end) || DnsFormat.QuestionTailLength > message.Length - end)
        {
            return false;
        }

        var tail = message[end..];
        question = new DnsQuestionView(name, (DnsRecordType)BinaryPrimitives.ReadUInt16BigEndian(tail), BinaryPrimitives.ReadUInt16BigEndian(tail[2..]));
        offset = end + DnsFormat.QuestionTailLength;
        return true;
    }

    private static bool TryReadRecord(ReadOnlySpan<byte> message, DnsSection section, scoped ref int offset, out DnsRecordView record)
    {
        record = default;
        if (!DnsNameView.TryRead(message, offset, out var name, out var end) || DnsFormat.RecordTailLength > message.Length - end)
        {
            return false;
        }

        var tail = message[end..];
        var data = end + DnsFormat.RecordTailLength;
        var length = BinaryPrimitives.ReadUInt16BigEndian(tail[8..]);
        if (length > message.Length - data)
        {
            return false;
        }

        record = new DnsRecordView(
            message,
            section,
            name,
            (DnsRecordType)BinaryPrimitives.ReadUInt16BigEndian(tail),
            BinaryPrimitives.ReadUInt16BigEndian(tail[2..]),
            BinaryPrimitives.ReadUInt32BigEndian(tail[4..]),
            data,
            length);
        offset = data + length;
        return true;
    }

    /// <summary>Goes through the questions.</summary>
    internal ref struct QuestionEnumerator(ReadOnlySpan<byte> message)
    {
        private readonly ReadOnlySpan<byte> _message = message;
        private DnsQuestionView _current;
        private int _offset = DnsFormat.HeaderLength;
        private int _left = message.IsEmpty ? 0 : Count(message, 0);

        public readonly DnsQuestionView Current => _current;

        public readonly QuestionEnumerator GetEnumerator() => this;

        public bool MoveNext() => _left-- > 0 && TryReadQuestion(_message, ref _offset, out _current);
    }

    /// <summary>Goes through the records.</summary>
    internal ref struct RecordEnumerator(ReadOnlySpan<byte> message, int offset)
    {
        private readonly ReadOnlySpan<byte> _message = message;
        private DnsRecordView _current;
        private DnsSection _section = DnsSection.Answer;
        private int _offset = offset;
        private int _left = message.IsEmpty ? 0 : Count(message, 1);

        public readonly DnsRecordView Current => _current;

        public readonly RecordEnumerator GetEnumerator() => this;

        public bool MoveNext()
        {
            while (_left == 0 && _section < DnsSection.Additional && !_message.IsEmpty)
            {
                _section++;
                _left = Count(_message, 1 + (int)_section);
            }

            return _left-- > 0 && TryReadRecord(_message, _section, ref _offset, out _current);
        }
    }
}
