using System.Diagnostics;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using WebRtcCore.Dtls.Handshake;
using WebRtcCore.Dtls.Messages;
using WebRtcCore.Dtls.Records;
using WebRtcCore.Primitives;

namespace WebRtcCore.Dtls;

// New -- Start --> Connecting -- both Finished verified --> Connected -- Close or close_notify --> Closed
//                      |                                        |
//                      '---- error, timeout, fatal alert -------'--> Failed

/// <summary>
/// One end of a DTLS 1.2 association (RFC 6347), client or server, sans-IO: it is handed datagrams and the time, and polled for datagrams to send,
/// events and its next timeout. After every call that takes an <see cref="Instant"/>, poll <see cref="TryPollTransmit"/> and <see cref="TryPollEvent"/>
/// until both answer <see langword="false"/>, then wait until <see cref="NextTimeout"/>. Not thread-safe.
/// </summary>
/// <remarks>
/// Hand it datagrams only from a path that ICE has validated. It requires the extended master secret, certificates of both sides and, unless told otherwise,
/// a matching fingerprint; it never renegotiates. Unauthenticated rubbish is dropped and counted, and never ends an association.
/// </remarks>
public sealed class DtlsEndpoint : IDisposable
{
    // Enough for the records that a sender has in flight when its Finished is late.
    private const int MaxEarlyApplicationData = 8;
    private readonly DtlsOptions _options;
    private readonly ILogger _logger;
    private readonly DtlsCounters _counters = new();
    private readonly RecordLayer _records;
    private readonly OutgoingFlight _flight = new();
    private readonly AlertQueue _alerts = new();
    private readonly HandshakeDriver _driver;
    private readonly Queue<DtlsEvent> _events = new();
    private readonly List<byte[]> _earlyApplicationData = [];
    private bool _disposed;

    /// <summary>Creates an endpoint; nothing happens before <see cref="Start"/>.</summary>
    /// <param name="role">Client or server.</param>
    /// <param name="options">The settings.</param>
    /// <param name="random">Fit for keys in production.</param>
    /// <param name="logger">Where to log, if anywhere.</param>
    /// <exception cref="ArgumentException">Fingerprints are required and there are none, or a list or size is out of range.</exception>
    public DtlsEndpoint(DtlsRole role, DtlsOptions options, IRandomSource random, ILogger? logger = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(random);
        options.Validate();
        Role = role;
        _options = options;
        _logger = logger ?? NullLogger.Instance;
        _records = new RecordLayer(_counters);
        _driver = new HandshakeDriver(role, new HandshakeContext(options, random, _records, _flight, _logger), _alerts, _counters);
    }

    /// <summary>Client or server.</summary>
    public DtlsRole Role { get; }

    /// <summary>The current state.</summary>
    public DtlsState State { get; private set; }

    /// <summary>Why <see cref="State"/> is <see cref="DtlsState.Failed"/>; otherwise <see cref="DtlsErrorKind.None"/>.</summary>
    public DtlsErrorKind Error { get; private set; }

    /// <summary>The negotiated version, once connected.</summary>
    public DtlsVersion? Version => WasConnected ? _driver.Handshake!.Version : null;

    /// <summary>The negotiated cipher suite, once connected.</summary>
    public DtlsCipherSuite? CipherSuite => WasConnected ? _driver.Handshake!.Suite!.Suite : null;

    /// <summary>The IANA name of <see cref="CipherSuite"/>, as statistics show it.</summary>
    public string? CipherSuiteName => WasConnected ? _driver.Handshake!.Suite!.Name : null;

    /// <summary>The key exchange group, once connected.</summary>
    public DtlsGroup? Group => WasConnected ? _driver.Handshake!.Group : null;

    /// <summary>The negotiated SRTP profile, once connected; <see langword="null"/> if there is no common one: then no media may flow.</summary>
    public SrtpProtectionProfile? NegotiatedSrtpProfile => WasConnected ? _driver.Handshake!.SrtpProfile : null;

    /// <summary>The peer's certificate in DER, once connected.</summary>
    public ReadOnlyMemory<byte>? RemoteCertificate => WasConnected && _driver.Handshake!.RemoteCertificate is { } certificate ? certificate.AsMemory() : null;

    /// <summary>All certificates that the peer has sent, its own first, each in DER; empty before the connection. Nothing but the fingerprint, if any, has been checked.</summary>
    public IReadOnlyList<byte[]> RemoteCertificateChain => WasConnected ? _driver.Handshake!.RemoteCertificateChain : [];

    /// <summary>A snapshot of the counters.</summary>
    public DtlsStatistics Statistics => _counters.Snapshot();

    /// <summary>When <see cref="HandleTimeout"/> is to be called next; <see langword="null"/> if nothing is pending.</summary>
    public Instant? NextTimeout => _driver.NextTimeout;

    /// <summary>Where plaintext must lie in the buffer given to <see cref="SealApplicationData"/>. Constant once connected, 0 before.</summary>
    public int ApplicationDataOffset => WasConnected ? _records.PlaintextOffset(RecordLayer.ProtectedEpoch) : 0;

    /// <summary>By how many bytes a record is longer than its plaintext, header included: 37 with AES-GCM, 29 with ChaCha20-Poly1305; 0 before the connection.</summary>
    public int ApplicationDataOverhead => WasConnected ? _records.Overhead(RecordLayer.ProtectedEpoch) : 0;

    private bool WasConnected => _driver.IsComplete && !_disposed;

    /// <summary>Begins: a client sends its ClientHello, a server waits for one.</summary>
    /// <exception cref="InvalidOperationException">It has been started already.</exception>
    public void Start(Instant now)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (State != DtlsState.New)
        {
            throw new InvalidOperationException("The endpoint has been started already.");
        }

        TransitionTo(DtlsState.Connecting);
        if (Role == DtlsRole.Client)
        {
            _driver.StartClient(now);
        }

        Debug.Assert(IsConsistent());
    }

    /// <summary>Tells the path's round trip time, from ICE: flights are then repeated after twice that time, at least 50 ms.</summary>
    public void SetRoundTripTime(TimeSpan roundTripTime)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(roundTripTime, TimeSpan.Zero);
        _driver.SetRoundTripTime(roundTripTime);
    }

    /// <summary>Handles one datagram; its records are decrypted in place.</summary>
    /// <param name="datagram">Borrowed; events point into it until the next call.</param>
    /// <param name="path">Where it came from: a validated path. Answers go wherever the owner sends this association's datagrams.</param>
    /// <param name="now">The current time.</param>
    public void HandleDatagram(Span<byte> datagram, in NetworkPath path, Instant now)
    {
        var offset = 0;
        while (offset < datagram.Length && State is DtlsState.Connecting or DtlsState.Connected)
        {
            var rest = datagram[offset..];
            if (!RecordHeader.TryParse(rest, out var header))
            {
                _counters.MalformedRecords++;
                break;
            }

            HandleRecord(header, rest[..(RecordHeader.Length + header.FragmentLength)], offset, now);
            offset += RecordHeader.Length + header.FragmentLength;
        }

        Debug.Assert(IsConsistent());
    }

    /// <summary>Handles the timers that are due at <paramref name="now"/>.</summary>
    public void HandleTimeout(Instant now)
    {
        _driver.HandleTimeout(now);
        Settle(now);
        Debug.Assert(IsConsistent());
    }

    /// <summary>Writes the next datagram of the handshake, or an alert. Application data does not come this way: see <see cref="SealApplicationData"/>.</summary>
    /// <param name="destination">At least 256 bytes; no more than <see cref="DtlsOptions.MaxDatagramSize"/> are used.</param>
    /// <param name="transmit">The length; the path is left to the owner.</param>
    public bool TryPollTransmit(Span<byte> destination, out Transmit transmit)
    {
        transmit = default;
        if (_disposed)
        {
            return false;
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(destination.Length, DtlsOptions.MinDatagramSize, nameof(destination));
        var usable = destination[..Math.Min(destination.Length, _options.MaxDatagramSize)];
        var length = _flight.WriteDatagram(usable, _records);
        if (length == 0)
        {
            length = _alerts.Write(usable, _records);
        }

        transmit = new Transmit(length);
        return length != 0;
    }

    /// <summary>Takes the next event, in the order in which they happened.</summary>
    public bool TryPollEvent(out DtlsEvent e) => _events.TryDequeue(out e);

    /// <summary>Seals one record of application data in place. Allocates nothing.</summary>
    /// <param name="record">
    /// Borrowed. The plaintext already lies at <see cref="ApplicationDataOffset"/>; the span is at least <paramref name="plaintextLength"/> +
    /// <see cref="ApplicationDataOverhead"/> long.
    /// </param>
    /// <param name="plaintextLength">0 to 16,384.</param>
    /// <returns>The record's length: a datagram of its own, or one to be put beside others.</returns>
    /// <exception cref="InvalidOperationException"><see cref="State"/> is not <see cref="DtlsState.Connected"/>.</exception>
    /// <exception cref="ArgumentException">The span is too short or the plaintext too long.</exception>
    public int SealApplicationData(Span<byte> record, int plaintextLength)
    {
        if (State != DtlsState.Connected)
        {
            throw new InvalidOperationException("Application data can be sent only while connected.");
        }

        ArgumentOutOfRangeException.ThrowIfNegative(plaintextLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(plaintextLength, RecordHeader.MaxPlaintextLength);
        ArgumentOutOfRangeException.ThrowIfLessThan(record.Length, plaintextLength + ApplicationDataOverhead, nameof(record));
        return _records.Seal(ContentType.ApplicationData, RecordLayer.ProtectedEpoch, record, plaintextLength);
    }

    /// <summary>Exports keying material without context (RFC 5705), for example for <c>EXTRACTOR-dtls_srtp</c> (RFC 5764 4.2).</summary>
    /// <param name="label">An ASCII label; not one that TLS uses itself.</param>
    /// <param name="destination">Filled; secret.</param>
    /// <returns><see langword="false"/> if the association was never connected.</returns>
    public bool TryExportKeyingMaterial(string label, Span<byte> destination) => TryExport(label, hasContext: false, default, destination);

    /// <summary>Exports keying material with a context, which may be empty and is then still different from none (RFC 5705 4).</summary>
    /// <param name="label">An ASCII label; not one that TLS uses itself.</param>
    /// <param name="context">At most 65,535 bytes.</param>
    /// <param name="destination">Filled; secret.</param>
    /// <returns><see langword="false"/> if the association was never connected.</returns>
    public bool TryExportKeyingMaterial(string label, ReadOnlySpan<byte> context, Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(context.Length, ushort.MaxValue, nameof(context));
        return TryExport(label, hasContext: true, context, destination);
    }

    /// <summary>
    /// Sends close_notify and closes (RFC 5246 7.2.1). Poll once more to get the alert out. Does nothing if it is closed or failed already.
    /// </summary>
    public void Close(Instant now)
    {
        switch (State)
        {
            case DtlsState.New:
                TransitionTo(DtlsState.Closed);
                break;
            case DtlsState.Connecting or DtlsState.Connected:
                EndHandshake();
                _alerts.Add(new Alert(IsFatal: false, DtlsAlertDescription.CloseNotify));
                TransitionTo(DtlsState.Closed);
                break;
            case DtlsState.Closed or DtlsState.Failed:
                break;
            default:
                throw new UnreachableException();
        }

        Debug.Assert(IsConsistent());
    }

    /// <summary>Zeroes all keys. Nothing is sent: call <see cref="Close"/> and poll before.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        if (State is not (DtlsState.Closed or DtlsState.Failed))
        {
            EndHandshake();
            State = DtlsState.Closed;
        }

        _disposed = true;
        _driver.Dispose();
        _records.Dispose();
        _events.Clear();
    }

    private void HandleRecord(in RecordHeader header, Span<byte> record, int offset, Instant now)
    {
        var fragment = record[RecordHeader.Length..];
        if (header.Epoch == 0)
        {
            HandlePlaintextRecord(header, fragment, now);
            return;
        }

        if (header.Epoch != RecordLayer.ProtectedEpoch)
        {
            _counters.UnexpectedRecords++;
            return;
        }

        if (!_records.HasKeys)
        {
            _records.KeepEarly(record);
            return;
        }

        if (_records.TryOpen(header, fragment, out var start, out var length))
        {
            HandleProtectedContent(header.Type, fragment.Slice(start, length), offset + RecordHeader.Length + start, now);
        }
    }

    // Nothing in plaintext is trusted: it can move the handshake on, which the Finished messages confirm in the end, and nothing else.
    private void HandlePlaintextRecord(in RecordHeader header, ReadOnlySpan<byte> fragment, Instant now)
    {
        switch (header.Type)
        {
            case ContentType.Handshake:
                _counters.RecordsReceived++;
                _driver.HandleFragments(fragment, epoch: 0, now);
                Settle(now);
                break;
            case ContentType.ChangeCipherSpec:
                // The epoch in each record's header says all that this message says.
                _counters.RecordsReceived++;
                break;
            case ContentType.Alert when State == DtlsState.Connecting && Alert.TryParse(fragment, out var alert):
                // Anyone could have sent it: a hint for the owner, nothing more.
                _counters.UnexpectedRecords++;
                ReportAlert(alert, isAuthenticated: false);
                break;
            default:
                _counters.UnexpectedRecords++;
                break;
        }
    }

    /// <param name="type">What the record carries.</param>
    /// <param name="content">The plaintext.</param>
    /// <param name="offset">Where it lies in the datagram just handled, or -1 if it does not lie there.</param>
    /// <param name="now">The current time.</param>
    private void HandleProtectedContent(ContentType type, ReadOnlySpan<byte> content, int offset, Instant now)
    {
        switch (type)
        {
            case ContentType.ApplicationData:
                HandleApplicationData(content, offset);
                break;
            case ContentType.Handshake:
                _driver.HandleFragments(content, RecordLayer.ProtectedEpoch, now);
                Settle(now);
                break;
            case ContentType.Alert when Alert.TryParse(content, out var alert):
                HandleAlert(alert, now);
                break;
            case ContentType.Alert or ContentType.ChangeCipherSpec:
                _counters.UnexpectedRecords++;
                break;
            default:
                throw new UnreachableException();
        }
    }

    private void HandleApplicationData(ReadOnlySpan<byte> content, int offset)
    {
        if (State == DtlsState.Connected)
        {
            _driver.OnLastFlightAnswered();
            _events.Enqueue(offset < 0 ? DtlsEvent.KeptApplicationData(content.ToArray()) : DtlsEvent.ApplicationData(offset, content.Length));
        }
        else if (_earlyApplicationData.Count < MaxEarlyApplicationData)
        {
            // It overtook the peer's Finished; the peer is not authenticated before that.
            _earlyApplicationData.Add(content.ToArray());
        }
        else
        {
            _counters.UnexpectedRecords++;
        }
    }

    private void HandleAlert(Alert alert, Instant now)
    {
        ReportAlert(alert, isAuthenticated: true);
        if (alert.Description == DtlsAlertDescription.CloseNotify)
        {
            // RFC 5246 7.2.1: answer with close_notify and drop what is pending.
            Close(now);
        }
        else if (alert.IsFatal)
        {
            EndHandshake();
            Error = DtlsErrorKind.AlertReceived;
            Log.Failed(_logger, Role, Error, alert.Description);
            TransitionTo(DtlsState.Failed, alert.Description);
        }
    }

    private void ReportAlert(Alert alert, bool isAuthenticated)
    {
        Log.AlertReceived(_logger, Role, alert.Description, isAuthenticated);
        if (isAuthenticated || _events.Count < MaxEarlyApplicationData)
        {
            _events.Enqueue(DtlsEvent.AlertReceived(State, alert.Description, isAuthenticated));
        }
    }

    // What the handshake has come to after a message or a timeout.
    private void Settle(Instant now)
    {
        if (State == DtlsState.Connecting && _driver.Failure is { } failure)
        {
            Fail(failure.Error, failure.Alert);
            return;
        }

        if (State == DtlsState.Connecting && _driver.IsComplete)
        {
            OnHandshakeComplete(_driver.Handshake!);
        }

        if (_records.HasKeys)
        {
            foreach (var record in _records.TakeEarlyRecords())
            {
                HandleEarlyRecord(record, now);
            }
        }
    }

    private void HandleEarlyRecord(byte[] record, Instant now)
    {
        if (State is not (DtlsState.Connecting or DtlsState.Connected) || !RecordHeader.TryParse(record, out var header))
        {
            return;
        }

        var fragment = record.AsSpan(RecordHeader.Length, header.FragmentLength);
        if (_records.TryOpen(header, fragment, out var start, out var length))
        {
            HandleProtectedContent(header.Type, fragment.Slice(start, length), offset: -1, now);
        }
    }

    private void OnHandshakeComplete(DtlsHandshake handshake)
    {
        Log.Connected(_logger, Role, handshake.Suite!.Name, handshake.Group, handshake.SrtpProfile);
        TransitionTo(DtlsState.Connected);
        foreach (var data in _earlyApplicationData)
        {
            _events.Enqueue(DtlsEvent.KeptApplicationData(data));
        }

        _earlyApplicationData.Clear();
    }

    private void Fail(DtlsErrorKind error, DtlsAlertDescription alert)
    {
        EndHandshake();
        Error = error;
        _alerts.Add(new Alert(IsFatal: true, alert));
        Log.Failed(_logger, Role, error, alert);
        TransitionTo(DtlsState.Failed, alert);
    }

    private void EndHandshake()
    {
        _driver.End();
        _earlyApplicationData.Clear();
        _records.TakeEarlyRecords();
    }

    private bool TryExport(string label, bool hasContext, ReadOnlySpan<byte> context, Span<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(label);

        // RFC 5705 4: labels that TLS itself uses would give its own secrets away.
        if (label is "client finished" or "server finished" or "master secret" or "extended master secret" or "key expansion")
        {
            throw new ArgumentException("The label is one of TLS's own.", nameof(label));
        }

        if (!WasConnected)
        {
            return false;
        }

        _driver.Handshake!.Export(Encoding.ASCII.GetBytes(label), hasContext, context, destination);
        return true;
    }

    private void TransitionTo(DtlsState next, DtlsAlertDescription? alert = null)
    {
        Log.StateChanged(_logger, Role, State, next);
        State = next;
        _events.Enqueue(DtlsEvent.StateChanged(next, Error, alert));
    }

    private bool IsConsistent() => State switch
    {
        DtlsState.New => _driver.Handshake is null && NextTimeout is null,
        DtlsState.Connecting => !_driver.IsComplete && _driver.Failure is null && (_driver.Handshake is null || NextTimeout is not null),
        DtlsState.Connected => _driver.IsComplete && _records.HasKeys && NextTimeout is null,
        DtlsState.Closed or DtlsState.Failed => NextTimeout is null && _flight.IsEmpty,
        _ => false,
    };
}
