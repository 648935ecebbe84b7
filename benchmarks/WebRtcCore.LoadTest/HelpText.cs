using System.Text;

namespace WebRtcCore.LoadTest;

/// <summary>What <c>--help</c> prints.</summary>
internal static class HelpText
{
    public static string All(IEnumerable<IVerb> verbs)
    {
        var text = new StringBuilder("Usage: WebRtcCore.LoadTest <verb> [options]\n")
            .Append("Prints one JSON object a line. Both ends run in this process over 127.0.0.1, after one warm-up.\n\n");
        foreach (var verb in verbs)
        {
            text.Append(One(verb)).Append('\n');
        }

        return text.ToString().TrimEnd();
    }

    public static string One(IVerb verb)
    {
        var text = new StringBuilder($"{verb.Name}: {verb.Summary}\n");
        foreach (var option in verb.Options)
        {
            text.Append($"  --{option.Name + " N",-14} {option.Summary} ({option.Minimum} to {option.Maximum}, default {option.Default})\n");
        }

        foreach (var option in verb.TextOptions)
        {
            text.Append($"  --{option.Name + " " + option.Value,-14} {option.Summary}\n");
        }

        return text.ToString();
    }
}
