// SPDX-License-Identifier: Apache-2.0
#include "http_transcript.h"
#include "support/test_registry.h"

using namespace luthien::test;

namespace {
/// A request with these fields behind Host.
QByteArray get(const char* fields)
{
    return QByteArray("GET / HTTP/1.1\r\nHost: a\r\n") + fields + "\r\n";
}

QByteArray chunked(const char* body)
{
    return QByteArray("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n") + body;
}

const QByteArray kChunkedHead = "HEAD POST / 1.1 chunked keep\n";
} // namespace

class TestRequestReader : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsTheSameAtAnySplit_data();
    void readsTheSameAtAnySplit();
    void dropsTrailers();
    void isIdleOnlyBeforeTheFirstByte();
    void refusesTheHeadOneByteOverTheLimit();
};

namespace {
void row(const char* name, const QByteArray& bytes, const QByteArray& transcript)
{
    QTest::newRow(name) << bytes << transcript;
}

void chunk(const char* name, const QByteArray& body, const QByteArray& transcript)
{
    row(name, chunked("") + body, kChunkedHead + transcript);
}

void addAcceptedRows()
{
    const QByteArray done = "HEAD GET / 1.1 none keep\nDONE keep\n";
    row("a request without a body", get(""), done);
    row("a body of a given length", "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello",
        "HEAD POST /x 1.1 length=5 keep\nBODY hello\nDONE keep\n");
    row("an announced empty body", "POST /x HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n",
        "HEAD POST /x 1.1 length=0 keep\nDONE keep\n");
    row("chunks", chunked("5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"), kChunkedHead + "BODY hello world\nDONE keep\n");
    row("only the last chunk", chunked("0\r\n\r\n"), kChunkedHead + "DONE keep\n");
    row("a body that is cut stays open", chunked("5\r\nhel"), kChunkedHead + "BODY hel\n");
    row("pipelined requests", get("") + chunked("1\r\nx\r\n000\r\n\r\n") + get(""),
        done + kChunkedHead + "BODY x\nDONE keep\n" + done);
    row("a CRLF before each request is passed over", "\r\n" + get("") + "\r\n" + get(""), done + done);
    row("the second CRLF is not", "\r\n\r\n" + get(""), "FAILED 400 bad_method\n");
    row("a lone CR before the request", "\rGET / HTTP/1.1\r\nHost: a\r\n\r\n", "FAILED 400 bare_cr\n");
    row("HTTP/1.0 closes by default", "GET / HTTP/1.0\r\n\r\n", "HEAD GET / 1.0 none close\nDONE close\n");
    row("HTTP/1.0 with keep-alive", "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
        "HEAD GET / 1.0 none keep\nDONE keep\n");
    row("close wins over keep-alive", "GET / HTTP/1.0\r\nConnection: close, keep-alive\r\n\r\n",
        "HEAD GET / 1.0 none close\nDONE close\n");
    row("Connection: close", get("Connection: close\r\n"), "HEAD GET / 1.1 none close\nDONE close\n");
    row("an upgrade is flagged", get("Connection: Upgrade\r\nUpgrade: websocket\r\n"),
        "HEAD GET / 1.1 none keep upgrade\nDONE keep\n");
    row("an offer of h2c is passed over",
        get("Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AA\r\n"), done);
    row("an upgrade that Connection does not name is none", get("Upgrade: h2c\r\n"), done);
    row("an expectation", "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 1\r\n\r\nx",
        "HEAD POST / 1.1 length=1 keep continue\nBODY x\nDONE keep\n");
    row("an expectation without a body", get("Expect: 100-continue\r\n"), done);
    row("an absolute target", "GET http://a:80/p?q HTTP/1.1\r\nHost: a:80\r\n\r\n",
        "HEAD GET /p?q 1.1 none keep\nDONE keep\n");
    row("an absolute target without a path", "GET http://A HTTP/1.1\r\nHost: a\r\n\r\n", done);
    row("an absolute target with only a query", "GET http://a?q HTTP/1.1\r\nHost: a\r\n\r\n",
        "HEAD GET /?q 1.1 none keep\nDONE keep\n");
    row("an absolute OPTIONS without a path means the server", "OPTIONS http://a HTTP/1.1\r\nHost: a\r\n\r\n",
        "HEAD OPTIONS * 1.1 none keep\nDONE keep\n");
}

void addRefusedRows()
{
    row("LF alone", "GET / HTTP/1.1\nHost: a\n\n", "FAILED 400 bare_lf\n");
    row("CR alone", get("A: b\rC: d\r\n"), "FAILED 400 bare_cr\n");
    row("NUL in a field", QByteArray("GET / HTTP/1.1\r\nA: \0\r\n\r\n", 23), "FAILED 400 nul_byte\n");
    row("a folded field", get("A: b\r\n c\r\n"), "FAILED 400 obs_fold\n");
    row("a fold that hides Transfer-Encoding", get(" Transfer-Encoding: chunked\r\n"), "FAILED 400 obs_fold\n");
    row("a fold right behind the request line", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", "FAILED 400 obs_fold\n");
    row("a space before the request line", " GET / HTTP/1.1\r\nHost: a\r\n\r\n", "FAILED 400 bad_method\n");
    row("a space before the colon", get("A : b\r\n"), "FAILED 400 bad_field\n");
    row("HTTP/0.9", "GET /\r\n\r\n", "FAILED 400 bad_target\n");
    row("HTTP/1.2", "GET / HTTP/1.2\r\nHost: a\r\n\r\n", "FAILED 505 unsupported_version\n");
    row("the preface of HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "FAILED 505 unsupported_version\n");
    row("no version at all", "GET / HTTX\r\nHost: a\r\n\r\n", "FAILED 400 bad_version\n");
    row("chunked, then a length", get("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"),
        "FAILED 400 bad_content_length\n");
    row("a length, then chunked", get("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"),
        "FAILED 400 bad_transfer_encoding\n");
    row("two lengths that differ", get("Content-Length: 5\r\nContent-Length: 6\r\n"),
        "FAILED 400 bad_content_length\n");
    row("what follows a refused request is not read", get("Transfer-Encoding: gzip\r\n") + get(""),
        "FAILED 400 bad_transfer_encoding\n");
}

void addChunkRows()
{
    chunk("a chunk size that is no number", "x\r\n", "FAILED 400 bad_chunk\n");
    chunk("no chunk size", "\r\nhello", "FAILED 400 bad_chunk\n");
    chunk("a sign before the size", "+5\r\nhello\r\n", "FAILED 400 bad_chunk\n");
    chunk("0x before the size", "0x5\r\nhello\r\n", "FAILED 400 bad_chunk\n");
    chunk("a space behind the size", "5 \r\nhello\r\n", "FAILED 400 bad_chunk\n");
    chunk("an empty extension", "5;\r\nhello\r\n", "FAILED 400 bad_chunk\n");
    chunk("a size line ending in LF", "5\nhello\r\n", "FAILED 400 bad_chunk\n");
    chunk("a chunk longer than its size", "5\r\nhelloX\r\n", "BODY hello\nFAILED 400 bad_chunk\n");
    chunk("a chunk that ends in LF", "5\r\nhello\n0\r\n\r\n", "BODY hello\nFAILED 400 bad_chunk\n");
    chunk("a chunk size of 2^64 - 1", "ffffffffffffffff\r\nx", "FAILED 400 bad_chunk\n");
    chunk("a chunk size of 2^63", "8000000000000000\r\nx", "FAILED 400 bad_chunk\n");
    chunk("a chunk size of 2^64", "10000000000000000\r\nx", "FAILED 400 bad_chunk\n");
    chunk("leading zeros in a size", "0005\r\nhello\r\n0\r\n\r\n", "BODY hello\nDONE keep\n");
    chunk("a size in capitals", "A\r\n0123456789\r\n0\r\n\r\n", "BODY 0123456789\nDONE keep\n");
    chunk("extensions", "5;a;b=c;d=\"e;\\\"f\"\r\nhello\r\n0;last\r\n\r\n", "BODY hello\nDONE keep\n");
    chunk("LF in a quoted extension", "5;a=\"\n\"\r\nhello\r\n", "FAILED 400 bad_chunk\n");
    chunk("NUL in a quoted extension", QByteArray("5;a=\"\0\"\r\nhello\r\n", 17), "FAILED 400 bad_chunk\n");
    chunk("a quote that is not closed", "5;a=\"\r\nhello\r\n0\r\n\r\n", "FAILED 400 bad_chunk\n");
    chunk("a quote of the last chunk that is not closed", "0;a=\"\r\n\r\n", "FAILED 400 bad_chunk\n");
    chunk("an extension of 1 KiB", "1;" + QByteArray(1023, 'a') + "\r\nx\r\n0\r\n\r\n", "BODY x\nDONE keep\n");
    chunk("an extension over 1 KiB", "1;" + QByteArray(1024, 'a') + "\r\nx\r\n0\r\n\r\n", "FAILED 400 bad_chunk\n");
    chunk("extensions over 16 KiB in all", QByteArray("1;" + QByteArray(900, 'a') + "\r\nx\r\n").repeated(20),
          "BODY " + QByteArray(18, 'x') + "\nFAILED 400 bad_chunk\n");
    chunk("zeros over 16 KiB", QByteArray(17000, '0') + "\r\n\r\n", "FAILED 400 bad_chunk\n");
    chunk("trailers", "0\r\nA: b\r\nHost: evil\r\n\r\n", "DONE keep\n");
    chunk("a trailer that closes", "0\r\nConnection: close\r\n\r\n", "DONE close\n");
    chunk("Content-Length as trailer", "0\r\nContent-Length: 5\r\n\r\n", "FAILED 400 bad_chunk\n");
    chunk("Transfer-Encoding as trailer", "0\r\nTransfer-Encoding: chunked\r\n\r\n", "FAILED 400 bad_chunk\n");
    chunk("a folded trailer", "0\r\nA: b\r\n c\r\n\r\n", "FAILED 400 bad_chunk\n");
    chunk("a trailer that ends in LF", "0\r\nA: b\n\r\n", "FAILED 400 bad_chunk\n");
    chunk("LF behind the last chunk", "0\r\n\n", "FAILED 400 bad_chunk\n");
    chunk("trailers over 16 KiB", "0\r\n" + QByteArray("A: " + QByteArray(997, 'b') + "\r\n").repeated(17),
          "FAILED 400 bad_chunk\n");
}
} // namespace

void TestRequestReader::readsTheSameAtAnySplit_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("transcript");
    addAcceptedRows();
    addRefusedRows();
    addChunkRows();
}

void TestRequestReader::readsTheSameAtAnySplit()
{
    QFETCH(const QByteArray, bytes);
    QFETCH(const QByteArray, transcript);
    for (const Pieces& pieces : everySplit({bytes.data(), static_cast<std::size_t>(bytes.size())}))
        QCOMPARE(QByteArray::fromStdString(readRequests(pieces)), transcript);
}

void TestRequestReader::dropsTrailers()
{
    luthien::protocol::RequestReader reader({});
    const std::string bytes = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                              "0\r\nHost: evil\r\nAuthorization: x\r\n\r\n";
    std::string_view rest = bytes;
    auto step = reader.read(rest);
    rest.remove_prefix(step.consumed);
    const auto fields = reader.head().fields;
    step = reader.read(rest);
    QCOMPARE(step.state, luthien::protocol::ReadState::Done);
    QVERIFY(reader.head().fields == fields);
    QCOMPARE(fields.all().size(), 2U);
}

void TestRequestReader::isIdleOnlyBeforeTheFirstByte()
{
    luthien::protocol::RequestReader reader({});
    QVERIFY(reader.isIdle());
    QCOMPARE(reader.read("\r\n").consumed, 2U);
    QVERIFY(reader.isIdle());
    QCOMPARE(reader.read("G").consumed, 1U);
    QVERIFY(!reader.isIdle());
    QCOMPARE(reader.read("ET / HTTP/1.1\r\nHost: a\r\n\r\n").state, luthien::protocol::ReadState::Head);
    QCOMPARE(reader.read({}).state, luthien::protocol::ReadState::Done);
    QVERIFY(!reader.isIdle());
    reader.reset();
    QVERIFY(reader.isIdle());
}

void TestRequestReader::refusesTheHeadOneByteOverTheLimit()
{
    const std::string bytes = "GET / HTTP/1.1\r\nHost: a\r\nA: bcd\r\n\r\n";
    for (const Pieces& pieces : everySplit(bytes)) {
        QVERIFY(readRequests(pieces, {.headBytes = bytes.size()}).ends_with("DONE keep\n"));
        QCOMPARE(readRequests(pieces, {.headBytes = bytes.size() - 1}), std::string("FAILED 431 head_too_large\n"));
    }
}

LUTHIEN_TEST(tst_request_reader, TestRequestReader)
#include "tst_request_reader.moc"
