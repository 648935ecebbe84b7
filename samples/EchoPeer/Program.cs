using EchoPeer;

if (!EchoOptions.TryParse(args, out var options, out string? error))
{
    await Console.Error.WriteLineAsync($"{error} --help lists the options.");
    return 2;
}

if (options.ShowHelp)
{
    Console.WriteLine(EchoOptions.Usage);
    return 0;
}

// The page lies beside the program, wherever it is started from.
var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory, WebRootPath = "wwwroot" });
builder.WebHost.UseUrls(options.Urls);
builder.Logging.AddFilter("Microsoft", LogLevel.Warning);

// A failed start is told in one sentence below.
builder.Logging.AddFilter("Microsoft.Extensions.Hosting", LogLevel.None);
builder.Services.AddSingleton(options);
builder.Services.AddSingleton<CallRegistry>();
builder.Services.AddHostedService(services => services.GetRequiredService<CallRegistry>());
builder.Services.AddCors();

var app = builder.Build();
app.UseDefaultFiles();
app.UseStaticFiles();
app.UseCors();
app.UseWebSockets(new WebSocketOptions { KeepAliveInterval = TimeSpan.FromSeconds(15) });
OfferEndpoint.Map(app);
SignalEndpoint.Map(app);

try
{
    await app.StartAsync();
}
catch (IOException failure)
{
    await Console.Error.WriteLineAsync($"The page cannot be served on {options.Urls}: {failure.Message}");
    return 1;
}

foreach (string url in app.Urls)
{
    Console.WriteLine($"Open {url} in a browser. Ctrl-C ends all calls and the program.");
}

await app.WaitForShutdownAsync();
return 0;
