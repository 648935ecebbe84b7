using System.Security.Cryptography;

namespace FileTransfer;

/// <summary>Sends one file over one channel: offers it, begins where the receiver has stopped, and waits until the receiver has checked it.</summary>
internal sealed class FileSender(FileChannel channel, FileInfo file, Transfer transfer)
{
    private readonly byte[] _block = new byte[FileChannel.BlockSize];
    private volatile TaskCompletionSource _report = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _acknowledged;

    public async Task RunAsync(SemaphoreSlim turns)
    {
        await channel.WaitUntilOpenAsync();
        await channel.SendAsync(transfer.File.ToMessage());
        var accept = await channel.ReceiveMessageAsync("accept");

        await turns.WaitAsync(channel.Cancelled);
        try
        {
            await using var stream = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.Read, 0, FileOptions.SequentialScan | FileOptions.Asynchronous);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            await SendAsync(stream, hash, await FindStartAsync(stream, hash, accept));
        }
        catch (IOException e)
        {
            throw new TransferException(TransferEnd.Refused, $"The file cannot be read: {e.Message}");
        }
        catch (UnauthorizedAccessException)
        {
            throw new TransferException(TransferEnd.Refused, "The file cannot be read.");
        }
        finally
        {
            turns.Release();
        }
    }

    // What the receiver has is only worth something if it is the beginning of this very file.
    private async Task<long> FindStartAsync(FileStream stream, IncrementalHash hash, TransferMessage accept)
    {
        long offset = accept.Offset ?? 0;
        if (offset < 0 || offset > transfer.File.Size)
        {
            throw new TransferException(TransferEnd.Refused, "The peer asks for bytes that the file does not have.");
        }

        while (stream.Position < offset)
        {
            int length = (int)Math.Min(_block.Length, offset - stream.Position);
            await ReadAsync(stream, _block.AsMemory(0, length));
            hash.AppendData(_block, 0, length);
        }

        if (offset > 0 && !string.Equals(Convert.ToHexStringLower(hash.GetCurrentHash()), accept.Sha256, StringComparison.OrdinalIgnoreCase))
        {
            _ = hash.GetHashAndReset();
            stream.Position = 0;
        }

        return stream.Position;
    }

    private async Task SendAsync(FileStream stream, IncrementalHash hash, long start)
    {
        _acknowledged = start;
        transfer.Start(start);
        await channel.SendAsync(new TransferMessage("start") { Offset = start });

        var listening = ListenAsync();
        try
        {
            while (stream.Position < transfer.File.Size)
            {
                int length = (int)Math.Min(_block.Length, transfer.File.Size - stream.Position);
                await ReadAsync(stream, _block.AsMemory(0, length));
                hash.AppendData(_block, 0, length);
                await WaitForWindowAsync(stream.Position, listening);
                await channel.SendAsync(_block.AsMemory(0, length));
            }

            await channel.SendAsync(new TransferMessage("end") { Sha256 = Convert.ToHexStringLower(hash.GetCurrentHash()) });
        }
        catch (TransferException e) when (e.End == TransferEnd.Lost)
        {
            // The channel may be gone because the peer cancelled: the listener knows.
            await listening;
            throw;
        }

        await listening;
    }

    /// <summary>Takes the receiver's reports until it says that the file is there.</summary>
    private async Task ListenAsync()
    {
        while (await channel.ReceiveMessageAsync("progress", "done") is { Type: "progress" } report)
        {
            long offset = Math.Min(report.Offset ?? 0, transfer.File.Size);
            if (offset > Interlocked.Read(ref _acknowledged))
            {
                Interlocked.Exchange(ref _acknowledged, offset);
                transfer.Offset = offset;
                var before = _report;
                _report = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                before.SetResult();
            }
        }
    }

    private async ValueTask WaitForWindowAsync(long position, Task listening)
    {
        while (!listening.IsCompleted)
        {
            var report = _report.Task;
            if (position - Interlocked.Read(ref _acknowledged) <= FileChannel.Window)
            {
                return;
            }

            await Task.WhenAny(report, listening).WaitAsync(channel.Cancelled);
        }

        await listening;
        throw new TransferException(TransferEnd.Refused, "The peer says that it has the file before it was sent.");
    }

    private static async ValueTask ReadAsync(FileStream stream, Memory<byte> block)
    {
        try
        {
            await stream.ReadExactlyAsync(block);
        }
        catch (EndOfStreamException)
        {
            throw new TransferException(TransferEnd.Refused, "The file has become shorter while it was sent.");
        }
    }
}
