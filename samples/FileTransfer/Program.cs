using FileTransfer;
using Spectre.Console;

if (!TransferOptions.TryParse(args, out var options, out string? error))
{
    await Console.Error.WriteLineAsync($"{error} --help lists the options.");
    return 2;
}

if (options.ShowHelp)
{
    Console.WriteLine(TransferOptions.Usage);
    return 0;
}

var board = new TransferBoard();
var terminal = new Terminal(AnsiConsole.Console, board);
return options.ConnectUrl is null
    ? await TransferServer.RunAsync(options, board, terminal)
    : await TransferClient.RunAsync(options, board, terminal);
