using WebRtcCore.LoadTest.Verbs;

namespace WebRtcCore.LoadTest;

/// <summary>End-to-end figures: both ends in this process over 127.0.0.1, one JSON object a line on standard output and nothing else there.</summary>
internal static class Program
{
    private const int Success = 0;
    private const int Failure = 1;
    private const int BadUsage = 2;

    private static readonly IReadOnlyList<IVerb> Verbs =
    [
        new SetupVerb(), new ThroughputVerb(), new MessagesVerb(), new PingVerb(), new MemoryVerb(), new OnePortVerb(), new ChannelsVerb(), new RtpVerb(), new ForwardVerb(), new CongestionVerb(), new NetworkVerb(), new NatVerb(), new RelayVerb(),
    ];

    private static async Task<int> Main(string[] arguments)
    {
        if (arguments is [] or ["--help" or "-h" or "help", ..])
        {
            Console.Out.WriteLine(HelpText.All(Verbs));
            return arguments.Length == 0 ? BadUsage : Success;
        }

        if (Verbs.FirstOrDefault(verb => verb.Name == arguments[0]) is not { } verb)
        {
            Console.Error.WriteLine($"There is no verb '{arguments[0]}'. Verbs: {string.Join(", ", Verbs.Select(verb => verb.Name))}.");
            return BadUsage;
        }

        if (arguments[1..].Any(argument => argument is "--help" or "-h"))
        {
            Console.Out.WriteLine(HelpText.One(verb));
            return Success;
        }

        if (!VerbArguments.TryParse(verb, arguments.AsSpan(1), out var parsed, out var problem))
        {
            Console.Error.WriteLine(problem);
            return BadUsage;
        }

        try
        {
            Console.Out.WriteLine(await verb.RunAsync(parsed));
            return Success;
        }
        catch (Exception exception)
        {
            Console.Error.WriteLine(exception);
            return Failure;
        }
    }
}
