// SPDX-License-Identifier: Apache-2.0
#include "protocol/content_coding.h"
#include "support/test_registry.h"

#include <zlib.h>
#include <zstd.h>

using namespace luthien;
using namespace luthien::protocol;

Q_DECLARE_METATYPE(luthien::protocol::ContentCoding)

namespace {
constexpr std::uint64_t kPlenty = 1 << 20;
enum Window { Gzip = 15 + 16, Zlib = 15, Raw = -15 };

std::string deflated(std::string_view text, Window window)
{
    z_stream stream{};
    if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        return {};
    std::string out(deflateBound(&stream, text.size()) + 32, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

std::string zstded(std::string_view text, int windowLog = 0)
{
    const std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> context(ZSTD_createCCtx(), ZSTD_freeCCtx);
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_windowLog, windowLog);
    ZSTD_CCtx_setParameter(context.get(), ZSTD_c_contentSizeFlag, 0);
    std::string out(ZSTD_compressBound(text.size()) + 64, '\0');
    // In two steps, so that the frame does not know its size and states its window.
    ZSTD_outBuffer to{out.data(), out.size(), 0};
    ZSTD_inBuffer from{text.data(), text.size(), 0};
    ZSTD_compressStream2(context.get(), &to, &from, ZSTD_e_flush);
    ZSTD_compressStream2(context.get(), &to, &from, ZSTD_e_end);
    out.resize(to.pos);
    return out;
}

std::string text()
{
    std::string all;
    for (int i = 0; i < 3000; ++i)
        all += "data: {\"index\":" + std::to_string(i * 7919) + "}\n\n";
    return all;
}

/// Decodes input cut into pieces of size; the error's code, or what came out.
std::pair<std::string, std::optional<ErrorCode>> decoded(ContentCoding coding, std::string_view input, std::size_t size,
                                                         std::uint64_t maxBytes = kPlenty)
{
    ContentDecoder decoder(coding, maxBytes);
    std::string output;
    for (std::size_t at = 0; at < input.size(); at += size)
        if (const auto result = decoder.decode(input.substr(at, size), output); !result)
            return {output, result.error().code};
    if (const auto result = decoder.finish(); !result)
        return {output, result.error().code};
    return {output, {}};
}
} // namespace

class TestContentCoding : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsNames();
    void decodesTheSameInAnyPieces_data();
    void decodesTheSameInAnyPieces();
    void refuses_data();
    void refuses();
    void stopsAtTheBound_data();
    void stopsAtTheBound();
    void staysFailed();
    void refusesLargeZstdWindows();
};

void TestContentCoding::readsNames()
{
    QCOMPARE(contentCodingFromName(""), ContentCoding::Identity);
    QCOMPARE(contentCodingFromName("identity"), ContentCoding::Identity);
    QCOMPARE(contentCodingFromName(" GZip\t"), ContentCoding::Gzip);
    QCOMPARE(contentCodingFromName("x-gzip"), ContentCoding::Gzip);
    QCOMPARE(contentCodingFromName("deflate"), ContentCoding::Deflate);
    QCOMPARE(contentCodingFromName("zstd"), ContentCoding::Zstd);
    QVERIFY(!contentCodingFromName("br"));
    QVERIFY(!contentCodingFromName("gzip, zstd"));
}

void TestContentCoding::decodesTheSameInAnyPieces_data()
{
    QTest::addColumn<ContentCoding>("coding");
    QTest::addColumn<std::string>("input");
    QTest::addColumn<std::string>("output");
    const std::string all = text();
    const std::string half = all.substr(0, all.size() / 2);
    const std::string rest = all.substr(half.size());
    const std::string skippable("\x50\x2a\x4d\x18\x03\0\0\0abc", 11);
    QTest::newRow("as it is") << ContentCoding::Identity << all << all;
    QTest::newRow("gzip") << ContentCoding::Gzip << deflated(all, Gzip) << all;
    QTest::newRow("two gzip members") << ContentCoding::Gzip << deflated(half, Gzip) + deflated(rest, Gzip) << all;
    QTest::newRow("deflate") << ContentCoding::Deflate << deflated(all, Zlib) << all;
    QTest::newRow("deflate without the zlib header") << ContentCoding::Deflate << deflated(all, Raw) << all;
    QTest::newRow("zstd") << ContentCoding::Zstd << zstded(all) << all;
    QTest::newRow("two zstd frames") << ContentCoding::Zstd << zstded(half) + zstded(rest) << all;
    QTest::newRow("a skippable zstd frame") << ContentCoding::Zstd << skippable + zstded(all) << all;
    QTest::newRow("nothing, in gzip") << ContentCoding::Gzip << deflated("", Gzip) << std::string();
    QTest::newRow("nothing at all") << ContentCoding::Zstd << std::string() << std::string();
}

void TestContentCoding::decodesTheSameInAnyPieces()
{
    QFETCH(const ContentCoding, coding);
    QFETCH(const std::string, input);
    QFETCH(const std::string, output);
    for (const std::size_t size :
         {std::size_t(1), std::size_t(2), std::size_t(7), std::size_t(1000), input.size() + 1}) {
        const auto [bytes, error] = decoded(coding, input, size);
        QVERIFY(!error);
        QVERIFY(bytes == output);
    }
    const auto [bytes, error] = decoded(coding, input, input.size() + 1, output.size());
    QVERIFY2(!error, "a body of exactly the bound is allowed");
}

void TestContentCoding::refuses_data()
{
    QTest::addColumn<ContentCoding>("coding");
    QTest::addColumn<std::string>("input");
    const std::string all = text();
    const auto gzip = deflated(all, Gzip);
    const auto zlib = deflated(all, Zlib);
    const auto zstd = zstded(all);
    auto damaged = gzip;
    damaged[damaged.size() - 6] = static_cast<char>(~damaged[damaged.size() - 6]); // in the checksum
    QTest::newRow("plain text as gzip") << ContentCoding::Gzip << all;
    QTest::newRow("plain text as zstd") << ContentCoding::Zstd << all;
    QTest::newRow("a wrong checksum") << ContentCoding::Gzip << damaged;
    QTest::newRow("gzip cut in the middle") << ContentCoding::Gzip << gzip.substr(0, gzip.size() / 2);
    QTest::newRow("gzip without its last byte") << ContentCoding::Gzip << gzip.substr(0, gzip.size() - 1);
    QTest::newRow("one byte of gzip") << ContentCoding::Gzip << gzip.substr(0, 1);
    QTest::newRow("zlib cut") << ContentCoding::Deflate << zlib.substr(0, zlib.size() - 1);
    QTest::newRow("zstd cut") << ContentCoding::Zstd << zstd.substr(0, zstd.size() - 1);
    QTest::newRow("bytes behind gzip") << ContentCoding::Gzip << gzip + "x";
    QTest::newRow("bytes behind zlib") << ContentCoding::Deflate << zlib + "x";
    QTest::newRow("a second zlib stream") << ContentCoding::Deflate << zlib + zlib;
    QTest::newRow("bytes behind zstd") << ContentCoding::Zstd << zstd + "hello";
}

void TestContentCoding::refuses()
{
    QFETCH(const ContentCoding, coding);
    QFETCH(const std::string, input);
    for (const std::size_t size : {std::size_t(1), std::size_t(1000), input.size()})
        QCOMPARE(decoded(coding, input, size).second, ErrorCode::InvalidInput);
}

void TestContentCoding::stopsAtTheBound_data()
{
    QTest::addColumn<ContentCoding>("coding");
    QTest::addColumn<std::string>("input");
    const std::string zeros(32 << 20, '\0');
    QTest::newRow("as it is") << ContentCoding::Identity << zeros;
    QTest::newRow("a gzip bomb") << ContentCoding::Gzip << deflated(zeros, Gzip);
    QTest::newRow("a deflate bomb") << ContentCoding::Deflate << deflated(zeros, Raw);
    QTest::newRow("a zstd bomb") << ContentCoding::Zstd << zstded(zeros);
    std::string members;
    for (int i = 0; i < 64; ++i)
        members += deflated(std::string_view(zeros).substr(0, 32 << 10), Gzip);
    QTest::newRow("many gzip members") << ContentCoding::Gzip << members;
}

void TestContentCoding::stopsAtTheBound()
{
    QFETCH(const ContentCoding, coding);
    QFETCH(const std::string, input);
    for (const std::size_t size : {std::size_t(100), input.size()}) {
        const auto [output, error] = decoded(coding, input, size);
        QCOMPARE(error, ErrorCode::TooLarge);
        QCOMPARE(output.size(), kPlenty);
        QVERIFY(output.capacity() <= 4 * kPlenty);
    }
}

void TestContentCoding::staysFailed()
{
    ContentDecoder decoder(ContentCoding::Gzip, kPlenty);
    std::string output;
    QVERIFY(!decoder.decode("no gzip", output));
    QVERIFY(!decoder.decode(deflated("yes", Gzip), output));
    QVERIFY(!decoder.finish());
    QVERIFY(output.empty());
}

void TestContentCoding::refusesLargeZstdWindows()
{
    const std::string small(100, 'a');
    QVERIFY(!decoded(ContentCoding::Zstd, zstded(small, 23), 1000).second);
    QCOMPARE(decoded(ContentCoding::Zstd, zstded(small, 24), 1000).second, ErrorCode::InvalidInput);
}

LUTHIEN_TEST(tst_content_coding, TestContentCoding)
#include "tst_content_coding.moc"
