"""Writes payload.txt: one sealed chunk, computed with PyNaCl and hashlib alone.

Run: python3 make.py > payload.txt      (PyNaCl 1.5)
"""
import hashlib
import struct

from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_encrypt,
    crypto_scalarmult,
    crypto_scalarmult_base,
)

client_secret = bytes(range(32))
round_secret = bytes(range(100, 132))
client_public = crypto_scalarmult_base(client_secret)
round_public = crypto_scalarmult_base(round_secret)
context = b"a context"
plaintext = b"The quick brown fox jumps over the lazy dog." * 3


def blake2b(data, key=b"", person=b""):
    return hashlib.blake2b(data, digest_size=32, key=key, person=person).digest()


result_id = blake2b(plaintext, person=b"swiftlet-result1")[:8]
associated_data = (
    struct.pack("<I", 1)
    + b"\x01" * 16
    + struct.pack("<I", 41)
    + b"\x02" * 16
    + b"\x01"
    + b"\x03" * 32
    + b"\x04" * 32
    + b"\x05" * 32
    + b"\x06" * 32
    + result_id
    + struct.pack("<IIQ", 3, 9, len(plaintext))
)
shared = crypto_scalarmult(client_secret, round_public)
key = blake2b(b"".join(sorted([client_public, round_public])) + context, key=shared, person=b"swiftlet-key-v1.")
chunk_key = blake2b(associated_data, key=key, person=b"swiftlet-seal-v1")
nonce = struct.pack("<I", 3) + bytes(20)
sealed = crypto_aead_xchacha20poly1305_ietf_encrypt(plaintext, associated_data, nonce, chunk_key)

for name, value in [
    ("client_secret", client_secret),
    ("round_public", round_public),
    ("context", context),
    ("plaintext", plaintext),
    ("associated_data", associated_data),
    ("sealed", sealed),
]:
    print(name, value.hex())
