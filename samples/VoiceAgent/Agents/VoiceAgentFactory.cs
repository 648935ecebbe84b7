namespace VoiceAgent.Agents;

/// <summary>The agents that come with the sample.</summary>
internal static class VoiceAgentFactory
{
    public const string Melody = "melody";
    private const string Echo = "echo";

    public static readonly string[] Names = [Melody, Echo];

    /// <summary>Makes an agent for one call.</summary>
    public static IVoiceAgent Create(string name) => name == Echo ? new EchoAgent() : new MelodyAgent();
}
