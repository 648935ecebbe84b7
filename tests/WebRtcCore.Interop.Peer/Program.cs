namespace WebRtcCore.Interop.Peer;

/// <summary>
/// One end of a call as a process of its own, so that a test can put it into a network of its own. Commands come as lines on standard input, what happens goes
/// as lines to standard output; nothing else connects it with the test.
/// </summary>
/// <remarks>
/// <code>
/// in:  offer                   opens the channel "data" and describes it
///      accept {description}    takes an offer, which is answered, or an answer
///      send N                  sends N bytes, which the other end returns
///      audio                   begins to send a packet of audio every 20 ms, for good
///      heard K                 says how many such packets have come since the last time
///      (end of input)          ends the process
/// out: description {json}      complete, with all candidates
///      open                    the channel is open
///      path LOCAL REMOTE       the kinds of the selected candidates, at each change
///      returned N              so many bytes came back as they were sent
///      heard K N               so many packets of audio have come
///      state STATE             of the connection
/// </code>
/// </remarks>
internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        if (args.Length % 2 != 0)
        {
            await Console.Error.WriteLineAsync("--server URL [--user NAME --password PASSWORD] [--policy all|relay] [--hide true|false] [--tcp active|passive|active,passive] ...");
            return 2;
        }

        await using var call = new ScriptedCall(args);
        while (await Console.In.ReadLineAsync() is { } line)
        {
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            var (command, rest) = space < 0 ? (line, "") : (line[..space], line[(space + 1)..]);
            switch (command)
            {
                case "offer":
                    await call.OfferAsync();
                    break;
                case "accept":
                    await call.AcceptAsync(rest);
                    break;
                case "send":
                    await call.SendAsync(int.Parse(rest));
                    break;
                case "audio":
                    call.StartAudio();
                    break;
                case "heard":
                    call.SayHeard(rest);
                    break;
                default:
                    await Console.Error.WriteLineAsync($"There is no command '{command}'.");
                    return 2;
            }
        }

        return 0;
    }
}
