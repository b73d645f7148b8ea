// SPDX-License-Identifier: Apache-2.0

import Testing

/// Gzip files that zlib has made, as hexadecimal digits, and what is in them.
struct GzipSample: Sendable, CustomTestStringConvertible {
  let name: String
  let content: Content
  let hexadecimal: String

  var testDescription: String { name }
  var bytes: [UInt8] { Bytes.fromHexadecimal(hexadecimal) }

  enum Content {
    case empty, letter, text, zeros, skewed, far, mixed

    var bytes: [UInt8] {
      switch self {
      case .empty: []
      case .letter: [0x61]
      case .text: [UInt8](String(repeating: Self.sentence, count: 3).utf8)
      case .zeros: [UInt8](repeating: 0, count: 10_000)
      case .skewed: Self.fibonacci
      case .far:
        Self.noise(40, below: 256) + [UInt8](repeating: 0, count: 32_700) + Self.noise(40, below: 256)
      case .mixed:
        Self.noise(300, below: 256) + [UInt8](repeating: 0, count: 300) + Self.noise(200, below: 4)
      }
    }

    private static let sentence =
      "Workers that straggle, workers that stall: the server waits for none of them, "
      + "workers that straggle least of all. "

    /// Letter k as often as the k-th Fibonacci number: the best code has one symbol of each length.
    private static var fibonacci: [UInt8] {
      var (bytes, last, next): ([UInt8], Int, Int) = ([], 1, 1)
      for letter: UInt8 in 65..<82 {
        bytes += [UInt8](repeating: letter, count: last)
        (last, next) = (next, last + next)
      }
      return bytes
    }

    private static func noise(_ count: Int, below bound: UInt32) -> [UInt8] {
      var state: UInt32 = 12345
      return (0..<count).map { _ in
        state = (state &* 1_103_515_245 &+ 12345) & 0x7FFF_FFFF
        return UInt8((state >> 16) % bound)
      }
    }
  }

  static let all: [GzipSample] = [
    GzipSample(
      name: "text, level 0", content: .text,
      hexadecimal: """
        1f8b0800000000000403015601a9fe576f726b6572732074686174207374726167676c652c20776f726b65727320\
        74686174207374616c6c3a207468652073657276657220776169747320666f72206e6f6e65206f66207468656d2c\
        20776f726b6572732074686174207374726167676c65206c65617374206f6620616c6c2e20576f726b6572732074\
        686174207374726167676c652c20776f726b6572732074686174207374616c6c3a20746865207365727665722077\
        6169747320666f72206e6f6e65206f66207468656d2c20776f726b6572732074686174207374726167676c65206c\
        65617374206f6620616c6c2e20576f726b6572732074686174207374726167676c652c20776f726b657273207468\
        6174207374616c6c3a207468652073657276657220776169747320666f72206e6f6e65206f66207468656d2c2077\
        6f726b6572732074686174207374726167676c65206c65617374206f6620616c6c2e20aa3f7d7556010000
        """),
    GzipSample(
      name: "text, level 1", content: .text,
      hexadecimal: """
        1f8b0800000000000403dd8dc10d80300c0357f100880158a4ef3cd282088d9444747d5af1aad880af7d3e27b593\
        cd113b053c8c4a115ed0e69844b68e309ced6643a3231c590d552b43f328afcfecb541983c06d4352bd2acfee5e3\
        03aa3f7d7556010000
        """),
    GzipSample(
      name: "text, level 2", content: .text,
      hexadecimal: """
        1f8b0800000000000003e58dc10d80300c0357f1008801ba48df79a405111a2989e8fab4e2851881af7d3e67b583\
        cd111b053c8c6a155ed0df3189a481309ced6243a73d1c450d4d1b43cb2ccfcfecb141983c2634342bf20f1e6faa\
        3f7d7556010000
        """),
    GzipSample(
      name: "text, level 3", content: .text,
      hexadecimal: """
        1f8b0800000000000003e58dc10d80300c0357f1008801ba48df79a405111a2989e8fab4e2851881af7d3e67b583\
        cd111b053c8c6a155ed0df3189a481309ced6243a73d1c450d4d1b43cb2ccfcfecb141983c2634342bf20f1e6faa\
        3f7d7556010000
        """),
    GzipSample(
      name: "text, level 4", content: .text,
      hexadecimal: """
        1f8b0800000000000003d58dc10d80300c0357f100880158a4ef3cd28208444a22ba3ead78a1b2003fcb3edb496d\
        6773c44a010fa3528427d4b74d224bd30c67bbd850690b4756c3a92743730f8fa1f6ac41983c3ad46666a42f66a8\
        fefbf106aa3f7d7556010000
        """),
    GzipSample(
      name: "text, level 5", content: .text,
      hexadecimal: """
        1f8b0800000000000003e58dbb0d80300c4457b90110036491d42e9c8030b1645b647d12512146a03bdde75d563b\
        d81cb151c0c3a856e105fd6d93481a9ae16c171b3aede1286a68da185a66787e660f0dc2e4314b03b322ffe0f106\
        aa3f7d7556010000
        """),
    GzipSample(
      name: "text, level 6", content: .text,
      hexadecimal: """
        1f8b0800000000000003e58dbb0d80300c4457b90110036491d42e9c8030b1645b647d12512146a03bdde75d563b\
        d81cb151c0c3a856e105fd6d93481a9ae16c171b3aede1286a68da185a66787e660f0dc2e4314b03b322ffe0f106\
        aa3f7d7556010000
        """),
    GzipSample(
      name: "text, level 7", content: .text,
      hexadecimal: """
        1f8b0800000000000003e58dbb0d80300c4457b90110036491d42e9c8030b1645b647d12512146a03bdde75d563b\
        d81cb151c0c3a856e105fd6d93481a9ae16c171b3aede1286a68da185a66787e660f0dc2e4314b03b322ffe0f106\
        aa3f7d7556010000
        """),
    GzipSample(
      name: "text, level 8", content: .text,
      hexadecimal: """
        1f8b0800000000000003e58dbb0d80300c4457b90110036491d42e9c8030b1645b647d12512146a03bdde75d563b\
        d81cb151c0c3a856e105fd6d93481a9ae16c171b3aede1286a68da185a66787e660f0dc2e4314b03b322ffe0f106\
        aa3f7d7556010000
        """),
    GzipSample(
      name: "text, level 9", content: .text,
      hexadecimal: """
        1f8b0800000000000203e58dbb0d80300c4457b90110036491d42e9c8030b1645b647d12512146a03bdde75d563b\
        d81cb151c0c3a856e105fd6d93481a9ae16c171b3aede1286a68da185a66787e660f0dc2e4314b03b322ffe0f106\
        aa3f7d7556010000
        """),
    GzipSample(
      name: "text, fixed code", content: .text,
      hexadecimal: """
        1f8b08000000000002030bcf2fca4e2d2a5628c9482c51282e294a4c4fcf49d5512847154eccc9b102b253158a53\
        8bca528b14ca13334b8a15d2f28b14f2f2f35215f2d34092b918da20a629e4a42616978014018dd153081f013602\
        00aa3f7d7556010000
        """),
    GzipSample(
      name: "text, without matches", content: .text,
      hexadecimal: """
        1f8b080000000000020305c1c10dc3300c03c0553840d001b248df7ad07661350228a25ebf77efd2a61a5e61b415\
        73262f9cd2a61a5e61b423f38617d1d48fc2898f1ba384a71ea206bcf8bd704a9b6a7885d156cc994432daa881c8\
        7ce15dda54c32b8cb662cee48553da54c32b8c7664def0229afa5138f1716394f0d443d48017bf174e69530daf30\
        da8a399348461b3510992fbc4b9b6a7885d156cc99bc704a9b6a7885d18ecc1b5e44533f0a273e6e8c129e7a881a\
        f0e2f7c2296daae115465b316712c968a30622f3853faa3f7d7556010000
        """),
    GzipSample(
      name: "text, runs only", content: .text,
      hexadecimal: """
        1f8b080000000000020305c1c10dc3300c03c0553840d001b248df7ad07661350228a25ebf77efd2a61a5e61b415\
        73262f9cd2a61a5e61b423f38617d1d48fc2898f1ba384a71ea206bcf8bd704a9b6a7885d156cc994432daa881c8\
        7ce15dda54c32b8cb662cee48553da54c32b8c7664def0229afa5138f1716394f0d443d48017bf174e69530daf30\
        da8a399348461b3510992fbc4b9b6a7885d156cc99bc704a9b6a7885d18ecc1b5e44533f0a273e6e8c129e7a881a\
        f0e2f7c2296daae115465b316712c968a30622f3853faa3f7d7556010000
        """),
    GzipSample(
      name: "nothing, stored", content: .empty,
      hexadecimal: """
        1f8b0800000000000403010000ffff0000000000000000
        """),
    GzipSample(
      name: "nothing, fixed code", content: .empty,
      hexadecimal: """
        1f8b080000000000020303000000000000000000
        """),
    GzipSample(
      name: "one letter", content: .letter,
      hexadecimal: """
        1f8b08000000000002034b040043beb7e801000000
        """),
    GzipSample(
      name: "a run of zeros", content: .zeros,
      hexadecimal: """
        1f8b0800000000000203edc1010d000000c2a0f74f6d0e37a0000000000000000000e0df002eca3b4d10270000
        """),
    GzipSample(
      name: "codes of 15 bits", content: .skewed,
      hexadecimal: """
        1f8b080000000000020305c18181db300c04c1da92fcdb1209dcedf6df4c66fefcfdf7efe7e7e7f7f7f7f7f7f3f9\
        7c3e9fcfe7fbfd7ebfdfeff7fbfd7ebfcff33ccff33ccff33ccff33ccff33ccffbbeeffbbeeffbbeeffbbeeffbbe\
        effbbeeffbbeeffbbeeffb9e73ce39e79c73ce39e79c73ce39e79c73ce39e79c73ce39e79c73ce39e79c73ce39e7\
        de7befbdf7de7befbdf7de7befbdf7de7befbdf7de7befbdf7de7befbdf7de7befbdf7de7befbdf7de7befbdf7de\
        7befbdf7de7befbdf7cecccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc\
        cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccceceeeeeeeeeeeeeeeeeeee\
        eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee\
        eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee\
        eeeeeeeeeeeeeeeeeeeeeeeeee6e9224499224499224499224499224499224499224499224499224499224499224\
        49922449922449922449922449922449922449922449922449922449922449922449922449922449922449922449\
        92244992244992244992244992244992244992244992244992244992244992244992244992244992244992244992\
        2449922449922449922449922449922449dab66ddbb66ddbb66ddbb66ddbb66ddbb66ddbb66ddbb66ddbb66ddbb6\
        6ddbb66ddbb66ddbb66ddbb66ddbb66ddbb66ddbb66ddbb66ddbb66ddbb66ddbb66ddbb66ddbb66ddbb66ddbb66d\
        dbb66ddbb66ddbb66ddbb66ddbb66ddbb66ddbb66ddbb66ddbb66ddbb66ddbb66ddbb66ddbb66ddbb66ddbb66ddb\
        b66ddbb66ddbb66ddbb66ddbb66ddbb66ddbb66ddbb66ddbb66ddbb66ddbb66ddbb66ddbb66ddbb66ddbb66ddbb6\
        6ddbb66ddbb66ddbb66ddbb66ddbb66ddbb66ddbb66ddbb66ddbb66ddbb66ddbb66ddbb66ddbb66ddbb66ddbb66d\
        dbb66ddbb66ddbb66ddbb66ddbb66d5b000000000000000000000000000000000000000000000000000000000000\
        00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000\
        00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000\
        00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000\
        00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000\
        00000000000000000000000000000000000000000000000000000000000000004055555555555555555555555555\
        55555555555555555555555555555555555555555555555555555555555555555555555555555555555555555555\
        55555555555555555555555555555555555555555555555555555555555555555555555555555555555555555555\
        55555555555555555555555555555555555555555555555555555555555555555555555555555555555555555555\
        55555555555555555555555555555555555555555555555555555555555555555555555555555555555555555555\
        55555555555555555555555555555555555555555555555555555555555555555555555555555555555555555555\
        55555555555555555555555555555555555555555555555555555555555555555555555555555555555555555555\
        55555555555555555555555555555555555555555555555555555555555555555555555555555555555555555555\
        55555555555555555555555555555555555555555555555555555555555555555555555555555555555555555555\
        5555555555555555555555555555555555d5ff3bcdc8d454100000
        """),
    GzipSample(
      name: "matches from far", content: .far,
      hexadecimal: """
        1f8b0800000000000203edc1b109c240000040911f206025f2c9006ee0000e61f369d2a508d8242b85571bc15d42\
        c0ca05ec439c43b8bb393463758b97e9930f65da7543bb14ebfe51c7909f717b3cf7d7d3f79deeaf0d0000000000\
        0000000000000000000000000000000000000000000000000000fcb9393463758b97e9930f65da7543bb14ebfe51\
        c7909f717b3cf7d7d3f79deeaf1f51aec0bf0c800000
        """),
    GzipSample(
      name: "incompressible and compressible", content: .mixed,
      hexadecimal: """
        1f8b0800000000000003bbc392ba4a7ead6cd4ada76ba4e5e2850b2a73fe0afc975c9f20cbb2668b2c93b65b45b1\
        d5a7fbf1ebb673445e7c672970da63ead6339d9a82ffd9b625e9ddb7f969fad77b8ac629ce1a97cd4c71d3e237bf\
        ca5d7345b7312f73fd8367ed3e73589e5f328bd54938f9ea4be5b7b605af27ab3d4912baca7b7a73b968569655c6\
        aebedb251c6ef33e9fdbccf5e3c2dd8cdd3fe27fa97cbaf447a2fd774cfbae2d16464b674bdb0ad47cafb856ff28\
        f787e044cdbac9534f0b1d0d3f17f5f18a98c475c93d2cd17533533f2e9a5278446b4dd64a8b23a5c7d71a5930c9\
        b35aebcc94faf35af4def98c5d0f6af65c939b2e3d8b7beebee9c99727fd597f7f51cf7465d7a4d777d9530bfe47\
        74669dff7eea9dbdcccb275c194fef4deeb59853bbf77a34e795e78f8c5decbd7a8e2c9c706dc78e3b89f117fb34\
        f645f2ad0a90661805240046266646462626460666266666064620646604d1601926a02850980928c0085202a480\
        881128c8041603aa64008a8354819401592075cc0c4049b0204880098880e600cd02f219999999815c101ba41568\
        03501c642703581ea809cc021a0a5407e4014d62025b097425900536126818d84a902803880b140300195deca220\
        030000
        """),
    GzipSample(
      name: "text in blocks with flushes", content: .text,
      hexadecimal: """
        1f8b08000000000002030acf2fca4e2d2a5628c9482c51282e294a4c4fcf49d5512847154eccc9b102b253158a53\
        8bca528b14ca13334b8a15d2f28b14f2f2f35215f2d34092b918da20a62900000000ffffca494d2c2e51c84f5348\
        ccc9d15308cf2fca4e2d2a5628c9482c51282e294a4c4fcf49d55128471606000000ffff2b2e012ab502b253158a\
        538bca528b14ca13334b8a15d2f28b14f2f2f352418601257331b4414c53c819601b01aa3f7d7556010000
        """),
  ]
}
