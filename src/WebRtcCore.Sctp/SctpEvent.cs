using WebRtcCore.Primitives;

namespace WebRtcCore.Sctp;

/// <summary>Something that happened in an <see cref="SctpAssociation"/>.</summary>
public readonly record struct SctpEvent
{
    private SctpEvent(SctpEventKind kind, ushort streamId)
    {
        Kind = kind;
        StreamId = streamId;
    }

    /// <summary>What happened.</summary>
    public SctpEventKind Kind { get; }

    /// <summary>The stream concerned.</summary>
    public ushort StreamId { get; }

    /// <summary>The state when it happened, for <see cref="SctpEventKind.StateChanged"/>.</summary>
    public SctpAssociationState State { get; private init; }

    /// <summary>The payload protocol identifier of a message.</summary>
    public uint PayloadProtocolId { get; private init; }

    /// <summary>The message, given: whoever polls the event disposes it. Only for <see cref="SctpEventKind.MessageReceived"/>.</summary>
    public PooledBuffer? Message { get; private init; }

    /// <summary>Why the association ended; <see langword="null"/> if in order.</summary>
    public SctpError? Error { get; private init; }

    internal static SctpEvent StateChanged(SctpAssociationState state, SctpError? error) =>
        new(SctpEventKind.StateChanged, 0) { State = state, Error = error };

    internal static SctpEvent MessageReceived(ushort streamId, uint payloadProtocolId, PooledBuffer message) =>
        new(SctpEventKind.MessageReceived, streamId) { PayloadProtocolId = payloadProtocolId, Message = message };

    internal static SctpEvent Of(SctpEventKind kind, ushort streamId = 0) => new(kind, streamId);
}
