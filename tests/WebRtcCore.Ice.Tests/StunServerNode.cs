using WebRtcCore.Primitives;
using WebRtcCore.Stun;
using WebRtcCore.Testing;

namespace WebRtcCore.Ice.Tests;

/// <summary>A STUN server on the virtual network: answers each Binding request with its source, or with an error.</summary>
internal sealed class StunServerNode : IVirtualNode
{
    private readonly Queue<(byte[] Bytes, NetworkPath Path)> _answers = new();

    public int Requests { get; private set; }

    public StunErrorCode? Error { get; set; }

    /// <summary>Answers as a server of RFC 3489 does: with MAPPED-ADDRESS.</summary>
    public bool IsOld { get; set; }

    public Instant? NextTimeout => null;

    public void HandleDatagram(Span<byte> datagram, in NetworkPath path, Instant now)
    {
        if (!StunMessageView.TryParse(datagram, out var request) || request.Class != StunClass.Request)
        {
            return;
        }

        Requests++;
        var writer = new StunMessageWriter(new byte[200], Error is null ? StunClass.SuccessResponse : StunClass.ErrorResponse, StunMethod.Binding, request.TransactionId);
        if (Error is { } error)
        {
            writer.AddErrorCode(error, "no");
        }
        else if (IsOld)
        {
            writer.AddAddress(StunAttributeType.MappedAddress, path.Remote);
        }
        else
        {
            writer.AddXorAddress(StunAttributeType.XorMappedAddress, path.Remote);
        }

        _answers.Enqueue((writer.Written.ToArray(), path));
    }

    public void HandleTimeout(Instant now)
    {
    }

    public bool TryPollTransmit(Span<byte> destination, out Transmit transmit)
    {
        if (!_answers.TryDequeue(out var answer))
        {
            transmit = default;
            return false;
        }

        answer.Bytes.CopyTo(destination);
        transmit = new Transmit(answer.Bytes.Length, answer.Path);
        return true;
    }
}
