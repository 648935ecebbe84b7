using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace FileTransfer;

/// <summary>A file as its sender describes it. Two offers that are equal are taken for the same file when a transfer is resumed.</summary>
/// <param name="Name">The name, made safe by <see cref="FileNames.MakeSafe"/>.</param>
/// <param name="Size">The size in bytes.</param>
/// <param name="LastModified">Milliseconds since 1970; 0 where the sender does not know.</param>
internal sealed record FileOffer(string Name, long Size, long LastModified)
{
    private const int MaxNameLength = 1024;

    /// <summary>What distinguishes a half-received file from others of its name.</summary>
    public string Key => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{Name}\n{Size}\n{LastModified}")).AsSpan(0, 6));

    public static FileOffer Of(FileInfo file)
    {
        file.Refresh();
        return new(FileNames.MakeSafe(file.Name), file.Length, new DateTimeOffset(file.LastWriteTimeUtc).ToUnixTimeMilliseconds());
    }

    /// <summary>Reads the offer of a peer; false where it lacks something or is out of range.</summary>
    public static bool TryRead(TransferMessage message, [NotNullWhen(true)] out FileOffer? offer)
    {
        offer = message is { Name: { Length: > 0 and <= MaxNameLength } name, Size: >= 0 and long size }
            ? new FileOffer(FileNames.MakeSafe(name), size, message.LastModified ?? 0)
            : null;
        return offer is not null;
    }

    public TransferMessage ToMessage() => new("offer") { Name = Name, Size = Size, LastModified = LastModified };
}
