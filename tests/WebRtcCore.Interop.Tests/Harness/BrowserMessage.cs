namespace WebRtcCore.Interop.Tests.Harness;

/// <summary>A message that the browser received.</summary>
internal sealed class BrowserMessage
{
    /// <summary>The string, or null for binary data.</summary>
    public string? Text { get; set; }

    public int Length { get; set; }

    /// <summary>Whether binary data is the pattern of <see cref="Pattern"/>.</summary>
    public bool Intact { get; set; }
}
