using Microsoft.Extensions.Logging;
using WebRtcCore.Primitives;

namespace WebRtcCore.Sctp.Dcep;

/// <summary>How channels end (RFC 8831, 6.7): each side resets its outgoing stream, and the id is free when both are reset.</summary>
internal sealed class ChannelLifecycle
{
    private readonly SctpAssociation _association;
    private readonly ChannelTable _channels;
    private readonly Queue<DataChannelEvent> _events;
    private readonly ILogger _logger;
    private readonly HashSet<ushort> _orphanedResets = [];

    /// <summary>Creates the collaborator of a session.</summary>
    public ChannelLifecycle(SctpAssociation association, ChannelTable channels, Queue<DataChannelEvent> events, ILogger logger)
    {
        _association = association;
        _channels = channels;
        _events = events;
        _logger = logger;
    }

    /// <summary>Begins to close a channel, unless that has begun.</summary>
    public void BeginClosing(Channel channel, SctpError? error, Instant now)
    {
        if (channel.State is DataChannelState.Closing or DataChannelState.Closed)
        {
            return;
        }

        channel.Error = error;
        if (channel.State == DataChannelState.Connecting && !channel.IsOpenSent)
        {
            Finish(channel, error);
            return;
        }

        SetState(channel, DataChannelState.Closing);
        if (error is not null || channel.IsIncomingReset)
        {
            _events.Enqueue(DataChannelEvent.ChannelClosing(channel.Handle));
        }

        ResetIfEstablished(channel, now);
    }

    /// <summary>Resets the channel's stream. Before the association is established there is nobody to ask; it is made up for then.</summary>
    public void ResetIfEstablished(Channel channel, Instant now)
    {
        if (_association.State >= SctpAssociationState.Established)
        {
            _association.ResetStream(channel.StreamId!.Value, now);
        }
    }

    /// <summary>A peer that resets its direction closes the channel; the other direction is reset in answer.</summary>
    public void OnIncomingReset(Channel channel, Instant now)
    {
        channel.IsIncomingReset = true;
        BeginClosing(channel, error: null, now);
        FinishIfReset(channel);
    }

    /// <summary>The reset of the own direction is confirmed.</summary>
    public void OnOutgoingReset(ushort streamId)
    {
        if (!_orphanedResets.Remove(streamId) && _channels.Find(streamId) is { State: DataChannelState.Closing } channel)
        {
            channel.IsOutgoingReset = true;
            FinishIfReset(channel);
        }
    }

    /// <summary>
    /// The peer uses the id again, so it has reset both directions; only its confirmation is still on its way, and is not to be taken for that of the next
    /// channel.
    /// </summary>
    public void FinishReused(Channel channel)
    {
        _orphanedResets.Add(channel.StreamId!.Value);
        Finish(channel, channel.Error);
    }

    /// <summary>Ends a channel.</summary>
    /// <param name="channel">The channel.</param>
    /// <param name="error">Why, if not in order.</param>
    /// <param name="keepId">Whether its id must not be used again.</param>
    public void Finish(Channel channel, SctpError? error, bool keepId = false)
    {
        if (channel.State != DataChannelState.Closed)
        {
            SetState(channel, DataChannelState.Closed);
            _channels.Remove(channel, keepId);
            _events.Enqueue(DataChannelEvent.ChannelClosed(channel.Handle, error));
        }
    }

    /// <summary>The only writer of a channel's state.</summary>
    public void SetState(Channel channel, DataChannelState state)
    {
        Log.ChannelStateChanged(_logger, channel.Handle.Value, channel.State, state);
        channel.State = state;
    }

    /// <summary>Forgets what was pending: the association has ended or begun anew.</summary>
    public void Clear() => _orphanedResets.Clear();

    private void FinishIfReset(Channel channel)
    {
        if (channel is { IsIncomingReset: true, IsOutgoingReset: true })
        {
            Finish(channel, channel.Error);
        }
    }
}
