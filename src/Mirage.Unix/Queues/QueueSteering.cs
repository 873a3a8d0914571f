using System.Buffers.Binary;
using Mirage.Net;

namespace Mirage.Unix;

/// <summary>Which queue of a TAP the kernel puts a frame on: a program that it runs for each, bpf(2).</summary>
/// <remarks>
/// <para>The kernel's own choice remembers for three seconds where a flow was sent from, and then falls back to a hash
/// that nobody outside knows: a connection that a queue opened and that is silent for that long would be answered on
/// another queue, by a reset. This choice needs no memory:</para>
/// <code>
///   TCP or UDP to a port that stacks choose themselves   the port
///   TCP or UDP to any other port                         a keyed hash of source address and source port
///   everything else, and fragments                       queue 0
/// </code>
/// <para>all modulo the number of queues; a stack chooses only ports that lead to its own queue,
/// <see cref="NetworkInfo.IsOwnPort"/>.</para>
/// </remarks>
internal static unsafe class QueueSteering
{
    private const int InstructionLength = 8;
    private const int LoadProgram = 5;
    private const int AttributeLength = 128;
    private const int SocketFilter = 1;

    /// <summary>Gives the kernel the program for the TAP of that queue and all others; false when this process may not,
    /// or the kernel is older than Linux 4.16.</summary>
    public static bool TryAttach(int tap, uint key)
    {
        var program = Load(Assemble(key));
        if (program < 0)
            return false;
        var attached = Libc.Control(tap, Libc.TunSetSteering, (nint)(&program)) == 0;
        _ = Libc.Close(program); // The TAP keeps it.
        return attached;
    }

    /// <summary>The program. <paramref name="key"/> keeps peers from choosing their queue.</summary>
    public static byte[] Assemble(uint key)
    {
        const byte LoadHalf = 0x28, LoadByte = 0x30, LoadWord = 0x20, LoadHalfAt = 0x48;
        const byte MoveRegister = 0xBF, MoveNumber = 0xB7, And = 0x57, ShiftLeft = 0x67, ShiftRight = 0x77;
        const byte Multiply = 0x27, XorRegister = 0xAF, IfEqual = 0x15, IfNot = 0x55, IfLess = 0xA5, Exit = 0x95;
        var multiplier = (int)((key & 0x7FFF_FFFF) | 0x4000_0001); // Odd, and large enough to reach the upper half.
        return
        [
            .. Make(MoveRegister, 6, source: 1), // Where loads find the frame.
            .. Make(LoadHalf, number: 12),
            .. Make(IfNot, 0, offset: 22, number: (int)EtherType.Ipv4),
            .. Make(LoadHalf, number: 20),
            .. Make(And, 0, number: 0x3FFF), // More fragments, and the offset.
            .. Make(IfNot, 0, offset: 19, number: 0),
            .. Make(LoadByte, number: 23),
            .. Make(IfEqual, 0, offset: 1, number: (int)IpProtocol.Tcp),
            .. Make(IfNot, 0, offset: 16, number: (int)IpProtocol.Udp),
            .. Make(LoadByte, number: 14),
            .. Make(And, 0, number: 0xF),
            .. Make(ShiftLeft, 0, number: 2),
            .. Make(MoveRegister, 7, source: 0), // Bytes of the IP header.
            .. Make(LoadHalfAt, source: 7, number: 16),
            .. Make(IfLess, 0, offset: 1, number: EphemeralPorts.First),
            .. Make(Exit),
            .. Make(LoadHalfAt, source: 7, number: 14),
            .. Make(MoveRegister, 8, source: 0),
            .. Make(ShiftLeft, 8, number: 16),
            .. Make(LoadWord, number: 26),
            .. Make(XorRegister, 0, source: 8),
            .. Make(Multiply, 0, number: multiplier),
            .. Make(ShiftRight, 0, number: 32),
            .. Make(And, 0, number: 0x7FFF_FFFF),
            .. Make(Exit),
            .. Make(MoveNumber, 0, number: 0),
            .. Make(Exit),
        ];
    }

    private static byte[] Make(byte code, int target = 0, int source = 0, short offset = 0, int number = 0)
    {
        var instruction = new byte[InstructionLength];
        (instruction[0], instruction[1]) = (code, (byte)((source << 4) | target));
        BinaryPrimitives.WriteInt16LittleEndian(instruction.AsSpan(2), offset);
        BinaryPrimitives.WriteInt32LittleEndian(instruction.AsSpan(4), number);
        return instruction;
    }

    // union bpf_attr: | type (4) | instructions (4) | program (8) | licence (8) | zeros … |
    private static int Load(byte[] program)
    {
        fixed (byte* code = program)
        {
            fixed (byte* licence = "ISC\0"u8)
            {
                var attribute = stackalloc byte[AttributeLength];
                var image = new Span<byte>(attribute, AttributeLength);
                image.Clear();
                BinaryPrimitives.WriteInt32LittleEndian(image, SocketFilter);
                BinaryPrimitives.WriteInt32LittleEndian(image[4..], program.Length / InstructionLength);
                BinaryPrimitives.WriteInt64LittleEndian(image[8..], (nint)code);
                BinaryPrimitives.WriteInt64LittleEndian(image[16..], (nint)licence);
                return (int)Libc.SystemCall(Libc.BpfNumber, LoadProgram, (nint)attribute, AttributeLength);
            }
        }
    }
}
