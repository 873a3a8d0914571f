namespace Mirage.Net.Tests;

/// <summary>
/// Values of the reference implementation (vectors.h): the key is 00 01 … 0f and the input 00 01 … of each length.
/// </summary>
public sealed class SipHashTests
{
    private static readonly SipHash s_hash = new([.. Enumerable.Range(0, 16).Select(index => (byte)index)]);

    [Theory]
    [InlineData(0, 0x726FDB47DD0E0E31)]
    [InlineData(1, 0x74F839C593DC67FD)]
    [InlineData(2, 0x0D6C8009D9A94F5A)]
    [InlineData(3, 0x85676696D7FB7E2D)]
    [InlineData(4, 0xCF2794E0277187B7)]
    [InlineData(5, 0x18765564CD99A68D)]
    [InlineData(6, 0xCBC9466E58FEE3CE)]
    [InlineData(7, 0xAB0200F58B01D137)]
    [InlineData(8, 0x93F5F5799A932462)]
    [InlineData(9, 0x9E0082DF0BA9E4B0)]
    [InlineData(15, 0xA129CA6149BE45E5)]
    [InlineData(63, 0x958A324CEB064572)]
    public void SipHash24_ReferenceInput_GivesTheReferenceValue(int length, ulong expected) =>
        Assert.Equal(expected, s_hash.Hash(Input(length)));

    [Theory]
    [InlineData(0, 0xABAC0158050FC4DC)]
    [InlineData(1, 0xC9F49BF37D57CA93)]
    public void SipHash13_ReferenceInput_GivesTheReferenceValue(int length, ulong expected) =>
        Assert.Equal(expected, s_hash.HashForTable(Input(length)));

    private static byte[] Input(int length) => [.. Enumerable.Range(0, length).Select(index => (byte)index)];
}
