using WebRtcCore;

namespace FileTransfer;

/// <summary>The data channel of one file: JSON messages, and blocks of bytes between them.</summary>
internal sealed class FileChannel : IAsyncDisposable
{
    /// <summary>The subprotocol of the channel.</summary>
    public const string Protocol = "file-transfer";

    /// <summary>A block fits into one message of every browser.</summary>
    public const int BlockSize = 64 * 1024;

    /// <summary>The receiver reports after so many bytes.</summary>
    public const int ProgressInterval = 1024 * 1024;

    /// <summary>
    /// The sender goes no further than this beyond the last report. A browser hands its page messages as they arrive, however slow its disk is;
    /// without this limit they would pile up in memory.
    /// </summary>
    public const int Window = 8 * 1024 * 1024;

    private static readonly TimeSpan FarewellLimit = TimeSpan.FromSeconds(5);

    private readonly DataChannel _channel;
    private readonly IAsyncEnumerator<DataChannelMessage> _messages;
    private readonly CancellationTokenSource _cancel = new();
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task<bool> _next = Task.FromResult(true);

    public FileChannel(DataChannel channel)
    {
        _channel = channel;
        channel.Open += (_, _) => _opened.TrySetResult();
        channel.Closed += (_, _) => Close();
        switch (channel.ReadyState)
        {
            case DataChannelState.Open:
                _opened.TrySetResult();
                break;
            case DataChannelState.Closed:
                Close();
                break;
        }

        _messages = channel.ReadAllAsync(_cancel.Token).GetAsyncEnumerator(CancellationToken.None);
    }

    /// <summary>Cancelled when this side wants no more of the transfer.</summary>
    public CancellationToken Cancelled => _cancel.Token;

    private static TransferException Lost => new(TransferEnd.Lost, "The connection was lost.");

    public async Task WaitUntilOpenAsync()
    {
        await _opened.Task.WaitAsync(Cancelled);
        if (_channel.ReadyState == DataChannelState.Closed)
        {
            throw Lost;
        }
    }

    public async ValueTask SendAsync(TransferMessage message)
    {
        try
        {
            await _channel.SendAsync(message.ToJson(), Cancelled);
        }
        catch (RtcException)
        {
            throw Lost;
        }
    }

    /// <summary>Sends bytes; waits while more than a megabyte is queued.</summary>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> block)
    {
        try
        {
            await _channel.SendAsync(block, Cancelled);
        }
        catch (RtcException)
        {
            throw Lost;
        }
        catch (ArgumentException)
        {
            throw new TransferException(TransferEnd.Refused, "The peer takes no messages as large as a block.");
        }
    }

    /// <summary>The next message of the peer: bytes, or one of the types that may come now. A cancellation ends in an exception.</summary>
    /// <returns>The message, or <see langword="null"/> and bytes.</returns>
    public async Task<(TransferMessage? Message, ReadOnlyMemory<byte> Bytes)> ReceiveAsync(params string[] types)
    {
        _next = _messages.MoveNextAsync().AsTask();
        if (!await _next)
        {
            throw Lost;
        }

        var received = _messages.Current;
        if (!received.IsText)
        {
            return (null, received.Data);
        }

        if (!TransferMessage.TryParse(received, out var message))
        {
            throw new TransferException(TransferEnd.Refused, "The peer sent something that is no message.");
        }

        if (message.Type == "cancel")
        {
            throw new TransferException(TransferEnd.CancelledByPeer, Shown(message.Reason));
        }

        return types.Contains(message.Type)
            ? (message, default)
            : throw new TransferException(TransferEnd.Refused, $"The peer sent something else where {string.Join(" or ", types)} belongs.");
    }

    /// <summary>The next message of the peer, where bytes have no place.</summary>
    public async Task<TransferMessage> ReceiveMessageAsync(params string[] types)
    {
        var (message, _) = await ReceiveAsync(types);
        return message ?? throw new TransferException(TransferEnd.Refused, "The peer sent bytes where none belong.");
    }

    /// <summary>Gives up: whatever waits for this channel ends with an <see cref="OperationCanceledException"/>.</summary>
    public void Cancel() => _cancel.Cancel();

    /// <summary>Tells the peer that this side gives up, and why.</summary>
    public void SendCancel(string reason)
    {
        try
        {
            _channel.Send(new TransferMessage("cancel") { Reason = reason }.ToJson());
        }
        catch (RtcException)
        {
            // Who is gone needs no telling.
        }
    }

    /// <summary>Waits until the other side has closed the channel, but not for long.</summary>
    public Task WaitUntilClosedAsync() => Task.WhenAny(_closed.Task, Task.Delay(FarewellLimit));

    /// <summary>Closes the channel, and waits until what was sent is delivered: a connection that is closed meanwhile would take it along.</summary>
    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(FarewellLimit);
        try
        {
            await _channel.CloseAsync(limit.Token);
        }
        catch (Exception failure) when (failure is RtcException or OperationCanceledException)
        {
            // The connection went first, or the peer is in no hurry: there is nothing more to wait for.
        }

        await _cancel.CancelAsync();
        await Task.WhenAny(_next);
        await _messages.DisposeAsync();
    }

    private static string Shown(string? reason)
    {
        string text = new((reason ?? "").Where(c => !char.IsControl(c)).Take(200).ToArray());
        return text.Length > 0 ? text : "The peer gave no reason.";
    }

    private void Close()
    {
        _opened.TrySetResult();
        _closed.TrySetResult();
    }
}
