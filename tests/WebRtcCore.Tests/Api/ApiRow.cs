namespace WebRtcCore.Tests.Api;

/// <summary>One row of docs/api.md.</summary>
/// <param name="Interface">The W3C interface whose section the row is in, or empty.</param>
/// <param name="Member">The first cell: W3C's member, dictionary member or type.</param>
/// <param name="DotNet">The second cell: .NET names in back-quotes, or a dash.</param>
/// <param name="Note">The last cell.</param>
internal sealed record ApiRow(string Interface, string Member, string DotNet, string Note);
