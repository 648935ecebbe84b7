using WebRtcCore.Primitives;
using WebRtcCore.Stun;

namespace WebRtcCore.Ice;

/// <summary>What waits for the owner's polls: messages and events.</summary>
internal sealed class IceOutbox(AgentRole role, IceRelays relays, IceTcpStreams tcp)
{
    // The owner polls after every handle, so this is reached only by one that does not; the newest is dropped then.
    private const int MaxMessages = 1024;

    private readonly Queue<OutgoingMessage> _messages = new();
    private readonly Queue<IceEvent> _events = new();

    public void Send(in OutgoingMessage message)
    {
        if (_messages.Count < MaxMessages)
        {
            _messages.Enqueue(message);
        }
    }

    public void Raise(in IceEvent iceEvent) => _events.Enqueue(iceEvent);

    public bool TryTakeEvent(out IceEvent iceEvent) => _events.TryDequeue(out iceEvent);

    public void ClearMessages() => _messages.Clear();

    public bool TryWriteNext(Span<byte> destination, out Transmit transmit)
    {
        while (_messages.TryDequeue(out var message))
        {
            // The generation may have ended between the decision to send and the poll.
            if (message.Credentials is { IsDisposed: true } || relays.TryHold(message) || tcp.TryHold(message))
            {
                continue;
            }

            var length = Write(message, destination[relays.GetDataOffset(message.Path)..]);
            if (relays.TryWrap(destination, length, message.Path, out transmit))
            {
                return true;
            }
        }

        transmit = default;
        return false;
    }

    private int Write(in OutgoingMessage message, Span<byte> destination)
    {
        var writer = new StunMessageWriter(destination, message.Class, StunMethod.Binding, message.TransactionId);
        if (message.Credentials is not { } credentials)
        {
            writer.AddFingerprint();
            return writer.Length;
        }

        switch (message.Class)
        {
            case StunClass.Request:
                // RFC 8445 7.1 and 7.2.2.
                writer.Add(StunAttributeType.Username, credentials.OutgoingUsername);
                writer.AddUInt64(AgentRole.AttributeOf(message.Role), role.TieBreaker);
                if (message is { Nomination: > 0, IsRenominating: true })
                {
                    writer.AddUInt32(StunAttributeType.Nomination, message.Nomination);
                }
                else if (message.Nomination > 0)
                {
                    writer.AddFlag(StunAttributeType.UseCandidate);
                }

                writer.AddUInt32(StunAttributeType.Priority, message.Priority);
                writer.AddMessageIntegrity(credentials.RemoteKey!);
                break;
            case StunClass.SuccessResponse:
                writer.AddXorAddress(StunAttributeType.XorMappedAddress, message.Path.Remote);
                writer.AddMessageIntegrity(credentials.LocalKey);
                break;
            default:
                writer.AddErrorCode(message.ErrorCode, default);
                if (message.UnknownAttributes is { } unknown)
                {
                    writer.AddUnknownAttributes(unknown);
                }

                writer.AddMessageIntegrity(credentials.LocalKey);
                break;
        }

        writer.AddFingerprint();
        return writer.Length;
    }
}
