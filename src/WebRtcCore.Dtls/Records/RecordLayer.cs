using WebRtcCore.Primitives;

namespace WebRtcCore.Dtls.Records;

/// <summary>
/// The two epochs of a DTLS 1.2 association without renegotiation: epoch 0 in plaintext, epoch 1 under the negotiated keys.
/// Numbers, seals and opens records, and keeps the few of epoch 1 that arrive before the keys.
/// </summary>
internal sealed class RecordLayer(DtlsCounters counters) : IDisposable
{
    /// <summary>The epoch of the negotiated keys.</summary>
    public const ushort ProtectedEpoch = 1;

    /// <summary>How many records are kept until the keys are there; more are dropped, their sender repeats them.</summary>
    public const int MaxEarlyRecords = 8;

    /// <summary>How many bytes these may take.</summary>
    public const int MaxEarlyBytes = 8 * 1024;

    private readonly List<byte[]> _earlyRecords = [];
    private readonly ulong[] _nextSequenceNumber = new ulong[ProtectedEpoch + 1];
    private int _earlyBytes;
    private RecordCipher? _readCipher;
    private RecordCipher? _writeCipher;
    private ReplayWindow _window;

    /// <summary>Whether records of epoch 1 can be opened and sealed.</summary>
    public bool HasKeys => _readCipher is not null;

    /// <summary>The version in the header of plaintext records: DTLS 1.0 in a client's first flight, for peers that look at it, then 1.2.</summary>
    public ushort PlaintextVersion { get; set; } = RecordHeader.Dtls12;

    /// <summary>How many records of the given epoch were written.</summary>
    public ulong WrittenRecords(ushort epoch) => _nextSequenceNumber[epoch];

    /// <summary>Where the plaintext starts in a record of the given epoch.</summary>
    public int PlaintextOffset(ushort epoch) => RecordHeader.Length + (epoch == 0 ? 0 : _writeCipher!.ExplicitNonceLength);

    /// <summary>By how much a record of the given epoch is longer than its plaintext.</summary>
    public int Overhead(ushort epoch) => RecordHeader.Length + (epoch == 0 ? 0 : _writeCipher!.Overhead);

    /// <summary>Installs the keys of epoch 1; takes ownership.</summary>
    public void InstallKeys(RecordCipher read, RecordCipher write)
    {
        _readCipher = read;
        _writeCipher = write;
    }

    /// <summary>
    /// Completes a record whose plaintext already lies at <see cref="PlaintextOffset"/>: header, and in epoch 1 the seal. Returns the record's length.
    /// </summary>
    public int Seal(ContentType type, ushort epoch, Span<byte> record, int plaintextLength)
    {
        ref var next = ref _nextSequenceNumber[epoch];
        if (next > RecordHeader.MaxSequenceNumber)
        {
            // RFC 6347 4.1: sequence numbers must not wrap. At a million records a second that is nine years away.
            throw new InvalidOperationException("The association has used up its sequence numbers.");
        }

        var length = plaintextLength + Overhead(epoch);
        var version = epoch == 0 ? PlaintextVersion : RecordHeader.Dtls12;
        var header = new RecordHeader(type, version, epoch, next, length - RecordHeader.Length);
        header.Write(record);
        if (epoch != 0)
        {
            _writeCipher!.Seal(type, header.FullSequenceNumber, record[RecordHeader.Length..length]);
        }

        next++;
        counters.RecordsSent++;
        return length;
    }

    /// <summary>
    /// Opens a record of epoch 1 in place. On success the plaintext is <paramref name="fragment"/> without <see cref="RecordCipher.ExplicitNonceLength"/>
    /// bytes in front and the tag behind: <paramref name="offset"/> and <paramref name="length"/> within the fragment.
    /// </summary>
    public bool TryOpen(in RecordHeader header, Span<byte> fragment, out int offset, out int length)
    {
        offset = 0;
        length = 0;
        if (_readCipher is not { } cipher)
        {
            counters.UnexpectedRecords++;
            return false;
        }

        if (!_window.IsFresh(header.SequenceNumber))
        {
            counters.ReplayedRecords++;
            return false;
        }

        // RFC 6347 4.1.2.7: a record that fails authentication is dropped silently and moves nothing.
        if (!cipher.TryOpen(header.Type, header.FullSequenceNumber, fragment))
        {
            counters.UnauthenticRecords++;
            return false;
        }

        _window.Mark(header.SequenceNumber);
        counters.RecordsReceived++;
        offset = cipher.ExplicitNonceLength;
        length = fragment.Length - cipher.Overhead;
        return true;
    }

    /// <summary>Keeps a copy of a record of epoch 1 until <see cref="TakeEarlyRecords"/>.</summary>
    public void KeepEarly(ReadOnlySpan<byte> record)
    {
        if (_earlyRecords.Count == MaxEarlyRecords || record.Length > MaxEarlyBytes - _earlyBytes)
        {
            counters.UnexpectedRecords++;
            return;
        }

        _earlyRecords.Add(record.ToArray());
        _earlyBytes += record.Length;
    }

    /// <summary>The records kept, in order of arrival; they are no longer kept afterwards.</summary>
    public byte[][] TakeEarlyRecords()
    {
        if (_earlyRecords.Count == 0)
        {
            return [];
        }

        var records = _earlyRecords.ToArray();
        _earlyRecords.Clear();
        _earlyBytes = 0;
        return records;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _readCipher?.Dispose();
        _writeCipher?.Dispose();
        _readCipher = null;
        _writeCipher = null;
        _earlyRecords.Clear();
    }
}
