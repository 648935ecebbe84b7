namespace FileTransfer;

/// <summary>A transfer has ended before its time.</summary>
internal sealed class TransferException : Exception
{
    public TransferException(TransferEnd end, string reason)
        : base(reason) => End = end;

    public TransferEnd End { get; }
}

/// <summary>How a transfer can end before its time.</summary>
internal enum TransferEnd
{
    /// <summary>The connection is gone; the transfer can be resumed.</summary>
    Lost,

    /// <summary>The peer has cancelled it.</summary>
    CancelledByPeer,

    /// <summary>This side cancels it, and tells the peer why.</summary>
    Refused,
}
