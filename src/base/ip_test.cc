// SPDX-License-Identifier: Apache-2.0
#include "base/ip.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace vedette::base {
namespace {

TEST(ParseIp, CanonicalText) {
  struct {
    const char* text;
    const char* canonical;
  } const cases[] = {
      {"0.0.0.0", "0.0.0.0"},
      {"10.0.0.5", "10.0.0.5"},
      {"255.255.255.255", "255.255.255.255"},
      {"::", "::"},
      {"::1", "::1"},
      {"0:0:0:0:0:0:0:1", "::1"},
      {"FE80::0001", "fe80::1"},
      {"2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"},
      {"2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"},
      {"::ffff:10.0.0.5", "10.0.0.5"},
      {"::ffff:a00:5", "10.0.0.5"},
  };
  for (const auto& c : cases) {
    const auto ip = ParseIp(c.text);
    ASSERT_TRUE(ip.has_value()) << c.text;
    EXPECT_EQ(ip->ToString(), c.canonical) << c.text;
  }
  EXPECT_EQ(*ParseIp("::ffff:10.0.0.5"), *ParseIp("10.0.0.5"));
  EXPECT_TRUE(ParseIp("10.0.0.5")->IsV4());
  EXPECT_FALSE(ParseIp("::1")->IsV4());
}

TEST(ParseIp, Refused) {
  const std::string with_nul("10.0.0.1\0", 9);
  for (const std::string& text :
       {std::string(""), std::string("localhost"), std::string("10.0.0"), std::string("10.0.0.0.0"),
        std::string("10.0.0.256"), std::string("10.0.0.-1"), std::string("010.0.0.1"),
        std::string(" 10.0.0.1"), std::string("10.0.0.1 "), std::string("10.0.0.1/8"),
        std::string("0x0a.0.0.1"), std::string("1:2:3"), std::string(":::"), std::string("1::2::3"),
        std::string("12345::"), std::string("fe80::1%eth0"), std::string("[::1]"), with_nul,
        std::string(5000, '1')}) {
    EXPECT_FALSE(ParseIp(text).has_value()) << text;
  }
}

TEST(ParseIp, FormatsAndParsesBack) {
  std::mt19937 random(5);
  for (int i = 0; i < 20'000; ++i) {
    IpAddress ip;
    // Sparse bytes, so that runs of zeros occur at every place.
    for (auto& byte : ip.bytes) {
      byte = random() % 3 == 0 ? static_cast<std::uint8_t>(random()) : std::uint8_t{0};
    }
    if (i % 4 == 0) {
      for (std::size_t b = 0; b < 12; ++b) ip.bytes[b] = b < 10 ? 0 : 0xFF;
    }
    const auto back = ParseIp(ip.ToString());
    ASSERT_TRUE(back.has_value()) << ip.ToString();
    ASSERT_EQ(*back, ip) << ip.ToString();
  }
}

TEST(CidrBlock, Contains) {
  struct {
    const char* block;
    const char* ip;
    bool inside;
  } const cases[] = {
      {"10.0.0.0/8", "10.255.1.2", true},
      {"10.0.0.0/8", "11.0.0.0", false},
      {"10.1.2.3/8", "10.9.9.9", true},
      {"10.0.0.0/8", "::ffff:10.1.1.1", true},
      {"192.168.1.128/25", "192.168.1.127", false},
      {"192.168.1.128/25", "192.168.1.128", true},
      {"1.2.3.4/32", "1.2.3.4", true},
      {"1.2.3.4/32", "1.2.3.5", false},
      {"0.0.0.0/0", "8.8.8.8", true},
      {"0.0.0.0/0", "::1", false},
      {"::1/128", "::1", true},
      {"fe80::/10", "febf::1", true},
      {"fe80::/10", "fec0::1", false},
      {"fc00::/7", "fd12::1", true},
      {"::ffff:10.0.0.0/104", "10.9.9.9", true},
      {"::/0", "2001:db8::1", true},
  };
  for (const auto& c : cases) {
    const auto block = ParseCidr(c.block);
    ASSERT_TRUE(block.has_value()) << c.block;
    EXPECT_EQ(block->Contains(*ParseIp(c.ip)), c.inside) << c.block << " " << c.ip;
  }
}

TEST(ParseCidr, Refused) {
  for (const char* text : {"", "/", "10.0.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1",
                           "10.0.0.0/-0", "10.0.0.0/+8", "10.0.0.0/8x", "10.0.0.0/ 8", "::1/129",
                           "10.0.0.0/8/8", "10.0.0.0/99999999999", "host/8"}) {
    EXPECT_FALSE(ParseCidr(text).has_value()) << text;
  }
}

TEST(CidrBlock, AgreesWithComparingBitByBit) {
  std::mt19937 random(6);
  for (int i = 0; i < 20'000; ++i) {
    CidrBlock block;
    for (auto& byte : block.address.bytes) byte = static_cast<std::uint8_t>(random());
    block.prefix_bits = static_cast<int>(random() % 129);
    IpAddress ip = block.address;
    const std::size_t flipped = random() % 128;
    ip.bytes[flipped / 8] ^= static_cast<std::uint8_t>(0x80U >> (flipped % 8));
    EXPECT_TRUE(block.Contains(block.address));
    EXPECT_EQ(block.Contains(ip), flipped >= static_cast<std::size_t>(block.prefix_bits))
        << block.prefix_bits << " " << flipped;
  }
}

}  // namespace
}  // namespace vedette::base
