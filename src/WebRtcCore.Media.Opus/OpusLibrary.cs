using System.Reflection;
using System.Runtime.InteropServices;

namespace WebRtcCore.Media.Opus;

/// <summary>The system's libopus: where it is looked for, and what is called in it (opus.h, version 1.1 and later).</summary>
public static unsafe partial class OpusLibrary
{
    private const string Name = "opus";

    private static readonly Lazy<nint> Loaded = new(() => Load(Candidates));

    static OpusLibrary() => NativeLibrary.SetDllImportResolver(typeof(OpusLibrary).Assembly, Resolve);

    /// <summary>Whether libopus is installed.</summary>
    public static bool IsAvailable
    {
        get
        {
            try
            {
                return Loaded.Value != 0;
            }
            catch (DllNotFoundException)
            {
                return false;
            }
        }
    }

    /// <summary>Its version, for example <c>libopus 1.3.1</c>.</summary>
    /// <exception cref="DllNotFoundException">It is not installed; the message names the package.</exception>
    public static string Version => Marshal.PtrToStringUTF8(GetVersionString()) ?? "";

    private static string[] Candidates =>
        OperatingSystem.IsWindows() ? ["opus.dll", "libopus-0.dll", "libopus.dll"]
        : OperatingSystem.IsMacOS() ? ["libopus.0.dylib", "libopus.dylib", "/opt/homebrew/lib/libopus.0.dylib", "/usr/local/lib/libopus.0.dylib"]
        : ["libopus.so.0", "libopus.so"];

    /// <summary>Opens the first library that there is.</summary>
    /// <exception cref="DllNotFoundException">There is none.</exception>
    internal static nint Load(string[] candidates)
    {
        foreach (var candidate in candidates)
        {
            if (NativeLibrary.TryLoad(candidate, typeof(OpusLibrary).Assembly, null, out var handle))
            {
                return handle;
            }
        }

        throw new DllNotFoundException(
            $"libopus was not found (tried {string.Join(", ", candidates)}). Install the package libopus0 (Debian, Ubuntu), opus (Fedora, Alpine, Arch, Homebrew), " +
            "or put opus.dll beside the program (Windows).");
    }

    [LibraryImport(Name, EntryPoint = "opus_encoder_create")]
    internal static partial nint EncoderCreate(int sampleRate, int channels, int application, out int error);

    [LibraryImport(Name, EntryPoint = "opus_encoder_destroy")]
    internal static partial void EncoderDestroy(nint encoder);

    [LibraryImport(Name, EntryPoint = "opus_encode")]
    internal static partial int Encode(OpusEncoderHandle encoder, short* pcm, int frameSize, byte* encoded, int maxLength);

    [LibraryImport(Name, EntryPoint = "opus_decoder_create")]
    internal static partial nint DecoderCreate(int sampleRate, int channels, out int error);

    [LibraryImport(Name, EntryPoint = "opus_decoder_destroy")]
    internal static partial void DecoderDestroy(nint decoder);

    [LibraryImport(Name, EntryPoint = "opus_decode")]
    internal static partial int Decode(OpusDecoderHandle decoder, byte* encoded, int length, short* pcm, int frameSize, int decodeFec);

    /// <summary>Sets a parameter of an encoder.</summary>
    internal static int EncoderControl(OpusEncoderHandle encoder, OpusControl request, int value) =>
        IsOnApple64 ? EncoderControlOnStack(encoder, request, 0, 0, 0, 0, 0, 0, value) : EncoderControlInRegister(encoder, request, value);

    // opus_encoder_ctl is variadic. On most platforms such an argument is passed like any other; Apple's arm64 passes it on the stack, where it comes to lie
    // once six more arguments have filled the registers.
    private static bool IsOnApple64 => OperatingSystem.IsMacOS() && RuntimeInformation.ProcessArchitecture == Architecture.Arm64;

    [LibraryImport(Name, EntryPoint = "opus_encoder_ctl")]
    private static partial int EncoderControlInRegister(OpusEncoderHandle encoder, OpusControl request, int value);

    [LibraryImport(Name, EntryPoint = "opus_encoder_ctl")]
    private static partial int EncoderControlOnStack(OpusEncoderHandle encoder, OpusControl request, nint r2, nint r3, nint r4, nint r5, nint r6, nint r7, nint value);

    [LibraryImport(Name, EntryPoint = "opus_get_version_string")]
    private static partial nint GetVersionString();

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? path) => name == Name ? Loaded.Value : 0;
}
