using WebRtcCore.Primitives;

namespace WebRtcCore.Sctp.Dcep;

/// <summary>Something that happened in a <see cref="DataChannelSession"/>.</summary>
public readonly record struct DataChannelEvent
{
    private DataChannelEvent(DataChannelEventKind kind, DataChannelId channel)
    {
        Kind = kind;
        Channel = channel;
    }

    /// <summary>What happened.</summary>
    public DataChannelEventKind Kind { get; }

    /// <summary>The channel; meaningless for <see cref="DataChannelEventKind.StateChanged"/>.</summary>
    public DataChannelId Channel { get; }

    /// <summary>The association's new state, for <see cref="DataChannelEventKind.StateChanged"/>.</summary>
    public SctpAssociationState State { get; private init; }

    /// <summary>What the peer opened the channel with, for <see cref="DataChannelEventKind.ChannelIncoming"/>; <see cref="DataChannelParameters.Id"/> is set.</summary>
    public DataChannelParameters? Parameters { get; private init; }

    /// <summary>Text or bytes, for <see cref="DataChannelEventKind.MessageReceived"/>.</summary>
    public DataChannelMessageKind MessageKind { get; private init; }

    /// <summary>The message, given: whoever polls the event disposes it. Only for <see cref="DataChannelEventKind.MessageReceived"/>.</summary>
    public PooledBuffer? Message { get; private init; }

    /// <summary>Why the association or the channel ended; <see langword="null"/> if in order.</summary>
    public SctpError? Error { get; private init; }

    internal static DataChannelEvent StateChanged(SctpAssociationState state, SctpError? error) =>
        new(DataChannelEventKind.StateChanged, default) { State = state, Error = error };

    internal static DataChannelEvent ChannelOpened(DataChannelId channel) => new(DataChannelEventKind.ChannelOpened, channel);

    internal static DataChannelEvent ChannelIncoming(DataChannelId channel, DataChannelParameters parameters) =>
        new(DataChannelEventKind.ChannelIncoming, channel) { Parameters = parameters };

    internal static DataChannelEvent MessageReceived(DataChannelId channel, DataChannelMessageKind kind, PooledBuffer message) =>
        new(DataChannelEventKind.MessageReceived, channel) { MessageKind = kind, Message = message };

    internal static DataChannelEvent BufferedAmountLow(DataChannelId channel) => new(DataChannelEventKind.BufferedAmountLow, channel);

    internal static DataChannelEvent ChannelClosing(DataChannelId channel) => new(DataChannelEventKind.ChannelClosing, channel);

    internal static DataChannelEvent ChannelClosed(DataChannelId channel, SctpError? error) =>
        new(DataChannelEventKind.ChannelClosed, channel) { Error = error };
}
