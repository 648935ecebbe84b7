using WebRtcCore.Primitives;
using WebRtcCore.Sctp.Chunks;
using WebRtcCore.Sctp.Packets;
using WebRtcCore.Sctp.Parameters;
using WebRtcCore.Sctp.Receive;
using WebRtcCore.Sctp.Send;

namespace WebRtcCore.Sctp.Control;

/// <summary>
/// Stream reset (RFC 6525), as data channels use it to close: each side resets its outgoing streams. One request is on its way at a time; the streams that
/// come after it share the next.
/// </summary>
internal sealed class StreamResetter
{
    // Together with a chunk header and a SACK it still fits the smallest packet.
    private const int MaxStreamsPerRequest = 128;
    private readonly SendQueue _queue;
    private readonly Queue<SctpEvent> _events;
    private readonly ControlQueue _control;
    private OutgoingResetRequest? _sent;
    private OutgoingResetRequest? _deferred;
    private uint _nextRequest;
    private uint _expectedRequest;
    private ReconfigurationResponse? _lastResponse;
    private ReconfigurationResponse? _responseBefore;
    private OutgoingResetRequest? _performedInProgress;
    private bool _isProgressReported;
    private bool _isNumberSpent;

    /// <summary>Creates the state for a fresh association: request numbers begin with the initial TSNs (RFC 6525, 5.1.1 and 5.2.1).</summary>
    public StreamResetter(SendQueue queue, ControlQueue control, Queue<SctpEvent> events, Tsn localInitialTsn, Tsn peerInitialTsn)
    {
        _queue = queue;
        _control = control;
        _events = events;
        _nextRequest = localInitialTsn.Value;
        _expectedRequest = peerInitialTsn.Value;
    }

    /// <summary>When the request is to be sent again.</summary>
    public Instant? Deadline { get; private set; }

    /// <summary>Asks for an outgoing stream to be reset once everything queued on it has been sent.</summary>
    public void Request(ushort streamId) => _queue.AwaitDrain(streamId);

    /// <summary>Sends the next request if streams are ready for it.</summary>
    public void Advance(Tsn lastTsn, TimeSpan retransmissionTimeout, Instant now)
    {
        if (_sent is not null || !_queue.HasDrained)
        {
            return;
        }

        var ready = new List<ushort>();
        while (ready.Count < MaxStreamsPerRequest && _queue.TryTakeDrained(out var streamId))
        {
            _queue.Pause(streamId);
            ready.Add(streamId);
        }

        if (ready.Count > 0)
        {
            _sent = new OutgoingResetRequest(_nextRequest++, _expectedRequest - 1, lastTsn, [.. ready]);
            Send(retransmissionTimeout, now);
        }
    }

    /// <summary>Sends the request again if its answer is overdue.</summary>
    /// <returns>Whether it was.</returns>
    public bool OnTimeout(TimeSpan retransmissionTimeout, Instant now)
    {
        if (_sent is null || Deadline is not { } deadline || deadline > now)
        {
            return false;
        }

        if (_isNumberSpent)
        {
            // The peer has answered "in progress", and would only repeat that for the same number (RFC 6525, 5.2.1).
            _isNumberSpent = false;
            _sent = _sent with { RequestNumber = _nextRequest++, ResponseNumber = _expectedRequest - 1 };
        }

        Send(retransmissionTimeout, now);
        return true;
    }

    /// <summary>Takes a RE-CONFIG.</summary>
    /// <returns><see langword="false"/> if it is malformed.</returns>
    public bool OnReConfig(ChunkView chunk, DataReceiver receiver, TimeSpan retransmissionTimeout, Instant now)
    {
        if (!ReConfigChunk.HasKnownCombination(chunk))
        {
            // RFC 6525 3.1: told, and otherwise ignored.
            _control.Add(ErrorChunk.Encode(CauseCode.ProtocolViolation, "combination of parameters"u8));
            return true;
        }

        var parameters = new TlvReader(chunk.Value);
        while (parameters.TryRead(out var parameter))
        {
            switch (parameter.Type)
            {
                case ParameterType.OutgoingResetRequest:
                    if (!OutgoingResetRequest.TryParse(parameter.Value, out var request))
                    {
                        return false;
                    }

                    OnRequest(request!, receiver);
                    break;
                case ParameterType.ReconfigurationResponse:
                    if (!ReconfigurationResponse.TryParse(parameter.Value, out var response))
                    {
                        return false;
                    }

                    OnResponse(response, retransmissionTimeout, now);
                    break;
                case ParameterType.IncomingResetRequest or ParameterType.TsnResetRequest
                    or ParameterType.AddOutgoingStreamsRequest or ParameterType.AddIncomingStreamsRequest:
                    OnUnsupportedRequest(parameter.Value);
                    break;
            }
        }

        return parameters.IsAtEnd;
    }

    /// <summary>Performs a request that had to wait for data still missing.</summary>
    public void PerformDeferred(DataReceiver receiver)
    {
        if (_deferred is { } request && !request.LastTsn.IsAfter(receiver.Cumulative))
        {
            Perform(request, receiver);
        }
    }

    private void OnRequest(OutgoingResetRequest request, DataReceiver receiver)
    {
        if (_isProgressReported && request.RequestNumber == _expectedRequest + 1)
        {
            // Having heard "in progress", some peers repeat the request with the same number and some, dcSCTP among them, with the next.
            _expectedRequest = request.RequestNumber;
        }

        if (!IsExpected(request.RequestNumber))
        {
            return;
        }

        if (request.LastTsn.IsAfter(receiver.Cumulative))
        {
            // Deviation: RFC 6525 5.2.2 E2 answers "in progress" at once. Here the first answer waits for the data, which is usually there sooner than the
            // peer would ask again; only when it asks again it is told.
            if (_deferred is not null)
            {
                _isProgressReported = true;
                Respond(request.RequestNumber, ReconfigurationResult.InProgress);
            }

            _deferred = request;
            return;
        }

        Perform(request, receiver);
    }

    private void Perform(OutgoingResetRequest request, DataReceiver receiver)
    {
        _deferred = null;
        _expectedRequest = request.RequestNumber + 1;
        if (!IsRepetition(request))
        {
            Reset(request.Streams, receiver);
        }

        // A peer that was told "in progress" may not know the answer to the old number any longer and ask with the next.
        _performedInProgress = _isProgressReported ? request : null;
        _isProgressReported = false;
        Answer(request.RequestNumber, ReconfigurationResult.Performed);
    }

    // The streams may be in use again by now, and must not be reset a second time.
    private bool IsRepetition(OutgoingResetRequest request) => _performedInProgress is { } performed
        && performed.RequestNumber + 1 == request.RequestNumber
        && performed.LastTsn == request.LastTsn
        && performed.Streams.AsSpan().SequenceEqual(request.Streams);

    private void Reset(ushort[] streams, DataReceiver receiver)
    {
        if (streams.Length == 0)
        {
            receiver.ResetAllStreams();
            _events.Enqueue(SctpEvent.Of(SctpEventKind.AllIncomingStreamsReset));
        }

        foreach (var streamId in streams)
        {
            receiver.ResetStream(streamId);
            _events.Enqueue(SctpEvent.Of(SctpEventKind.IncomingStreamReset, streamId));
        }
    }

    private void OnUnsupportedRequest(ReadOnlySpan<byte> value)
    {
        if (System.Buffers.Binary.BinaryPrimitives.TryReadUInt32BigEndian(value, out var number) && IsExpected(number))
        {
            _expectedRequest = number + 1;
            _deferred = null;
            Answer(number, ReconfigurationResult.Denied);
        }
    }

    // A chunk may have two requests, and comes again with both: two answers are kept.
    private void Answer(uint number, ReconfigurationResult result)
    {
        _responseBefore = _lastResponse;
        _lastResponse = Respond(number, result);
    }

    // RFC 6525 5.2.1: the next number, or one of the last chunk again, whose answer is repeated.
    private bool IsExpected(uint number)
    {
        if (number == _expectedRequest)
        {
            return true;
        }

        if (_lastResponse is { } last && last.ResponseNumber == number)
        {
            _control.Add(ReConfigChunk.Encode(last));
        }
        else if (_responseBefore is { } before && before.ResponseNumber == number)
        {
            _control.Add(ReConfigChunk.Encode(before));
        }
        else
        {
            Respond(number, ReconfigurationResult.BadSequenceNumber);
        }

        return false;
    }

    private void OnResponse(ReconfigurationResponse response, TimeSpan retransmissionTimeout, Instant now)
    {
        if (_sent is not { } request || response.ResponseNumber != request.RequestNumber)
        {
            return;
        }

        if (response.Result is ReconfigurationResult.InProgress)
        {
            _isNumberSpent = true;
            Deadline = now + retransmissionTimeout;
            return;
        }

        var isReset = response.Result is ReconfigurationResult.Performed or ReconfigurationResult.NothingToDo;
        _sent = null;
        _isNumberSpent = false;
        Deadline = null;
        foreach (var streamId in request.Streams)
        {
            _queue.Resume(streamId, isReset);
            _events.Enqueue(SctpEvent.Of(isReset ? SctpEventKind.OutgoingStreamReset : SctpEventKind.OutgoingStreamResetFailed, streamId));
        }
    }

    private void Send(TimeSpan retransmissionTimeout, Instant now)
    {
        _control.Add(ReConfigChunk.Encode(_sent!));
        Deadline = now + retransmissionTimeout;
    }

    private ReconfigurationResponse Respond(uint number, ReconfigurationResult result)
    {
        var response = new ReconfigurationResponse(number, result);
        _control.Add(ReConfigChunk.Encode(response));
        return response;
    }
}
