namespace FileTransfer;

/// <summary>Receives one file over one channel into a <see cref="PartFile"/>, never more bytes than were announced.</summary>
internal sealed class FileReceiver(FileChannel channel, Transfer transfer)
{
    /// <summary>Receives the file.</summary>
    /// <param name="part">What is there already; the caller disposes it.</param>
    /// <returns>The name under which it is stored.</returns>
    public async Task<string> RunAsync(PartFile part)
    {
        await AcceptAsync(part);
        string announced = await ReceiveBytesAsync(part);
        if (!string.Equals(part.Sha256, announced, StringComparison.OrdinalIgnoreCase))
        {
            throw new TransferException(TransferEnd.Refused, "The SHA-256 is wrong: the file was damaged.");
        }

        string name = part.Complete();
        await channel.SendAsync(new TransferMessage("done"));
        return name;
    }

    private async Task AcceptAsync(PartFile part)
    {
        await part.HashWhatIsThereAsync(channel.Cancelled);
        if (!part.HasRoom)
        {
            throw new TransferException(TransferEnd.Refused, "There is not enough room for the file.");
        }

        await channel.SendAsync(new TransferMessage("accept") { Offset = part.Length, Sha256 = part.Length > 0 ? part.Sha256 : null });

        var start = await channel.ReceiveMessageAsync("start");
        if (start.Offset == 0)
        {
            part.Restart();
        }
        else if (start.Offset != part.Length)
        {
            throw new TransferException(TransferEnd.Refused, "The peer begins somewhere else than was asked for.");
        }

        transfer.Start(part.Length);
    }

    /// <summary>Stores what comes until the end is announced, and returns the SHA-256 that the end announces.</summary>
    private async Task<string> ReceiveBytesAsync(PartFile part)
    {
        long reported = part.Length;
        while (true)
        {
            var (message, bytes) = await channel.ReceiveAsync("end");
            if (message is not null)
            {
                return part.Length == transfer.File.Size
                    ? message.Sha256 ?? ""
                    : throw new TransferException(TransferEnd.Refused, "The peer sent fewer bytes than it announced.");
            }

            if (bytes.Length > transfer.File.Size - part.Length)
            {
                throw new TransferException(TransferEnd.Refused, "The peer sent more bytes than it announced.");
            }

            await part.AppendAsync(bytes, channel.Cancelled);
            transfer.Offset = part.Length;
            if (part.Length - reported >= FileChannel.ProgressInterval)
            {
                reported = part.Length;
                await channel.SendAsync(new TransferMessage("progress") { Offset = reported });
            }
        }
    }
}
