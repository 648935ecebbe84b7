using System.Collections.Concurrent;

namespace FileTransfer;

/// <summary>All transfers of this process that have not ended. Safe to use from any thread.</summary>
internal sealed class TransferBoard
{
    private readonly ConcurrentDictionary<Transfer, byte> _running = [];

    public event Action<Transfer>? Began;

    public event Action<Transfer>? Ended;

    public IEnumerable<Transfer> Running => _running.Keys;

    /// <summary>Announces a transfer; <paramref name="cancel"/> is called when somebody wants no more of it.</summary>
    public Transfer Begin(bool incoming, FileOffer file, Action cancel)
    {
        var transfer = new Transfer(incoming, file, cancel);
        _running.TryAdd(transfer, 0);
        Began?.Invoke(transfer);
        return transfer;
    }

    public void End(Transfer transfer, TransferState state, string remark)
    {
        transfer.End(state, remark);
        _running.TryRemove(transfer, out _);
        Ended?.Invoke(transfer);
    }

    public void CancelAll()
    {
        foreach (var transfer in Running)
        {
            transfer.Cancel();
        }
    }
}
