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
    private readonly List<ushort> _waiting = [];
    private OutgoingResetRequest? _sent;
    private OutgoingResetRequest? _deferred;
    private uint _nextRequest;
    private uint _expectedRequest;
    private ReconfigurationResponse? _lastResponse;

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
    public void Request(ushort streamId)
    {
        if (!_waiting.Contains(streamId))
        {
            _waiting.Add(streamId);
        }
    }

    /// <summary>Sends the next request if streams are ready for it.</summary>
    public void Advance(Tsn lastTsn, TimeSpan retransmissionTimeout, Instant now)
    {
        if (_sent is not null || _waiting.Count == 0)
        {
            return;
        }

        var ready = _waiting.Where(_queue.IsDrained).Take(MaxStreamsPerRequest).ToArray();
        if (ready.Length == 0)
        {
            return;
        }

        foreach (var streamId in ready)
        {
            _queue.Pause(streamId);
            _waiting.Remove(streamId);
        }

        _sent = new OutgoingResetRequest(_nextRequest++, _expectedRequest - 1, lastTsn, ready);
        Send(retransmissionTimeout, now);
    }

    /// <summary>Sends the request again if its answer is overdue.</summary>
    /// <returns>Whether it was.</returns>
    public bool OnTimeout(TimeSpan retransmissionTimeout, Instant now)
    {
        if (_sent is null || Deadline is not { } deadline || deadline > now)
        {
            return false;
        }

        Send(retransmissionTimeout, now);
        return true;
    }

    /// <summary>Takes a RE-CONFIG.</summary>
    /// <returns><see langword="false"/> if it is malformed.</returns>
    public bool OnReConfig(ChunkView chunk, DataReceiver receiver, TimeSpan retransmissionTimeout, Instant now)
    {
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
            _deferred = null;
            Perform(request, receiver);
        }
    }

    private void OnRequest(OutgoingResetRequest request, DataReceiver receiver)
    {
        if (!IsExpected(request.RequestNumber))
        {
            return;
        }

        if (request.LastTsn.IsAfter(receiver.Cumulative))
        {
            // RFC 6525 5.2.2 E2: not before everything sent on the streams has arrived. The answer follows by itself, sooner than the peer would ask again.
            if (_deferred is not null)
            {
                Respond(request.RequestNumber, ReconfigurationResult.InProgress);
            }

            _deferred = request;
            return;
        }

        _deferred = null;
        Perform(request, receiver);
    }

    private void Perform(OutgoingResetRequest request, DataReceiver receiver)
    {
        _expectedRequest = request.RequestNumber + 1;
        if (request.Streams.Length == 0)
        {
            receiver.ResetAllStreams();
            _events.Enqueue(SctpEvent.Of(SctpEventKind.AllIncomingStreamsReset));
        }

        foreach (var streamId in request.Streams)
        {
            receiver.ResetStream(streamId);
            _events.Enqueue(SctpEvent.Of(SctpEventKind.IncomingStreamReset, streamId));
        }

        _lastResponse = Respond(request.RequestNumber, ReconfigurationResult.Performed);
    }

    private void OnUnsupportedRequest(ReadOnlySpan<byte> value)
    {
        if (System.Buffers.Binary.BinaryPrimitives.TryReadUInt32BigEndian(value, out var number) && IsExpected(number))
        {
            _expectedRequest = number + 1;
            _lastResponse = Respond(number, ReconfigurationResult.Denied);
        }
    }

    // RFC 6525 5.2.1: the next number, or the last one again, whose answer is repeated.
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
            Deadline = now + retransmissionTimeout;
            return;
        }

        var isReset = response.Result is ReconfigurationResult.Performed or ReconfigurationResult.NothingToDo;
        _sent = null;
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
