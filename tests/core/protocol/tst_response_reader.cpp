// SPDX-License-Identifier: Apache-2.0
#include "http_transcript.h"
#include "support/test_registry.h"

using namespace luthien::test;
using namespace luthien::protocol;

class TestResponseReader : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsTheSameAtAnySplit_data();
    void readsTheSameAtAnySplit();
    void tellsSilenceFromTruncation();
    void isNotReusableOnceBytesFollow();
    void startsAnew();
};

namespace {
enum class Then { Open, Closed };

void row(const char* name, const QByteArray& bytes, const QByteArray& transcript, Then then = Then::Open,
         const char* method = "POST")
{
    QTest::newRow(name) << QByteArray(method) << bytes << (then == Then::Closed) << transcript;
}

void addBodies()
{
    row("a body of a given length", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        "HEAD 200 1.1 length=5\nBODY hello\nDONE reusable\n");
    row("an empty body", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "HEAD 200 1.1 length=0\nDONE reusable\n");
    row("chunks", "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n",
        "HEAD 200 1.1 chunked\nBODY abcde\nDONE reusable\n");
    row("chunks with trailers",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nSet-Cookie: x\r\n\r\n",
        "HEAD 200 1.1 chunked\nBODY a\nDONE reusable\n");
    row("a trailer that closes", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nConnection: close\r\n\r\n",
        "HEAD 200 1.1 chunked\nDONE used up\n");
    row("a body that ends with the connection", "HTTP/1.1 200 OK\r\n\r\nhello",
        "HEAD 200 1.1 close\nBODY hello\nDONE used up\n", Then::Closed);
    row("no body at all before the connection ends", "HTTP/1.0 200 OK\r\n\r\n", "HEAD 200 1.0 close\nDONE used up\n",
        Then::Closed);
    row("the reply to HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", "HEAD 200 1.1 none\nDONE reusable\n",
        Then::Open, "HEAD");
    row("the chunked reply to HEAD", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HEAD 200 1.1 none\nDONE reusable\n", Then::Open, "HEAD");
    row("204", "HTTP/1.1 204 No Content\r\n\r\n", "HEAD 204 1.1 none\nDONE reusable\n");
    row("204 with a length of 0", "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n",
        "HEAD 204 1.1 none\nDONE reusable\n");
    row("304 with the length of what it stands for", "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n",
        "HEAD 304 1.1 none\nDONE reusable\n");
    row("no reason phrase", "HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n", "HEAD 200 1.1 length=0\nDONE reusable\n");
    row("Connection: close", "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n",
        "HEAD 200 1.1 length=0\nDONE used up\n");
    row("HTTP/1.0 closes", "HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n", "HEAD 200 1.0 length=0\nDONE used up\n");
    row("HTTP/1.0 with keep-alive", "HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 0\r\n\r\n",
        "HEAD 200 1.0 length=0\nDONE reusable\n");
    row("bytes behind the reply", "HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
        "HEAD 204 1.1 none\nDONE used up\n");
    row("a body behind the reply to HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
        "HEAD 200 1.1 none\nDONE used up\n", Then::Open, "HEAD");
}

void addInterimReplies()
{
    const QByteArray reply = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx";
    const QByteArray interim = "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n";
    row("interim replies are read over", "HTTP/1.1 100 Continue\r\n\r\n" + interim + reply,
        "HEAD 200 1.1 length=1\nBODY x\nDONE reusable\n");
    row("interim replies without end", interim.repeated(33) + reply, "FAILED 502 too_many_interim_replies\n");
    row("an interim reply, then the end", interim, "FAILED 502 truncated\n", Then::Closed);
    row("an upgrade nobody asked for", "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n",
        "FAILED 502 upgrade_refused\n");
    row("an interim reply that announces a body", "HTTP/1.1 100 Continue\r\nContent-Length: 5\r\n\r\nhello" + reply,
        "FAILED 502 body_of_bodiless_status\n");
    row("a chunked interim reply", "HTTP/1.1 103 Early Hints\r\nTransfer-Encoding: chunked\r\n\r\n",
        "FAILED 502 body_of_bodiless_status\n");
    row("204 that announces a body", "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\nhello",
        "FAILED 502 body_of_bodiless_status\n");
    row("a chunked 204", "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "FAILED 502 body_of_bodiless_status\n");
}

void addRefusals()
{
    row("a length that is cut", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel",
        "HEAD 200 1.1 length=5\nBODY hel\nFAILED 502 truncated\n", Then::Closed);
    row("a chunk that is cut", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhel",
        "HEAD 200 1.1 chunked\nBODY hel\nFAILED 502 truncated\n", Then::Closed);
    row("chunks without the last one", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n",
        "HEAD 200 1.1 chunked\nBODY hel\nFAILED 502 truncated\n", Then::Closed);
    row("a head that is cut", "HTTP/1.1 200 OK\r\nContent-", "FAILED 502 truncated\n", Then::Closed);
    row("a folded field", "HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\r\n", "FAILED 502 obs_fold\n");
    row("LF alone", "HTTP/1.1 200 OK\nContent-Length: 0\n\n", "FAILED 502 bare_lf\n");
    row("no space behind the status", "HTTP/1.1 200\r\n\r\n", "FAILED 502 bad_status\n");
    row("a CRLF before the reply", "\r\nHTTP/1.1 200 OK\r\n\r\n", "FAILED 502 bad_version\n");
    row("HTTP/2", "HTTP/2.0 200 OK\r\n\r\n", "FAILED 502 bad_version\n");
    row("something else", "SSH-2.0-OpenSSH_9.2\r\n\r\n", "FAILED 502 bad_version\n");
    for (const QByteArray status : {"000", "099", "600", "999"})
        row("status " + status, "HTTP/1.1 " + status + " X\r\n\r\n", "FAILED 502 bad_status\n");
    row("a coding other than chunked, and a length",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello",
        "FAILED 502 bad_transfer_encoding\n");
    row("a coding that looks like chunked", "HTTP/1.1 200 OK\r\nTransfer-Encoding: xchunked\r\n\r\n",
        "FAILED 502 bad_transfer_encoding\n");
    row("chunked, and then coded again", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, gzip\r\n\r\n",
        "FAILED 502 bad_transfer_encoding\n");
    row("two equal lengths", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx",
        "FAILED 502 duplicate_content_length\n");
    row("a bad chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\naX",
        "HEAD 200 1.1 chunked\nBODY a\nFAILED 502 bad_chunk\n");
}
} // namespace

void TestResponseReader::readsTheSameAtAnySplit_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<bool>("closes");
    QTest::addColumn<QByteArray>("transcript");
    addBodies();
    addInterimReplies();
    addRefusals();
}

void TestResponseReader::readsTheSameAtAnySplit()
{
    QFETCH(const QByteArray, method);
    QFETCH(const QByteArray, bytes);
    QFETCH(const bool, closes);
    QFETCH(const QByteArray, transcript);
    for (const Pieces& pieces : everySplit({bytes.data(), static_cast<std::size_t>(bytes.size())}))
        QCOMPARE(
            QByteArray::fromStdString(readReply(method.toStdString(), pieces, closes ? Peer::Closes : Peer::StaysOpen)),
            transcript);
}

void TestResponseReader::tellsSilenceFromTruncation()
{
    ResponseReader reader({});
    reader.start("POST");
    QCOMPARE(reader.finish().state, ReadState::Failed);
    QCOMPARE(reader.error().code, std::string("closed_before_reply")); // safe to try again elsewhere
    reader.start("POST");
    QCOMPARE(reader.read("H").state, ReadState::NeedMore);
    QCOMPARE(reader.finish().state, ReadState::Failed);
    QCOMPARE(reader.error().code, std::string("truncated"));
}

void TestResponseReader::isNotReusableOnceBytesFollow()
{
    ResponseReader reader({});
    QCOMPARE(reader.read("HTTP/1.1 204 No Content\r\n\r\n").state, ReadState::Head);
    QVERIFY(!reader.isReusable());
    QCOMPARE(reader.read({}).state, ReadState::Done);
    QVERIFY(reader.isReusable());
    const auto step = reader.read("HTTP/1.1 200 OK\r\n\r\n");
    QCOMPARE(step.state, ReadState::Done);
    QCOMPARE(step.consumed, 0U);
    QVERIFY(!reader.isReusable());
}

void TestResponseReader::startsAnew()
{
    ResponseReader reader({});
    reader.start("HEAD");
    QCOMPARE(reader.read("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n").state, ReadState::Head);
    QCOMPARE(reader.read({}).state, ReadState::Done);
    reader.start("GET");
    QCOMPARE(reader.read("HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n").state, ReadState::Head);
    QCOMPARE(reader.head().fields.all().size(), 1U);
    QCOMPARE(reader.head().reason, std::string("Not Found"));
    QVERIFY(reader.read("no").body == "no");
    QCOMPARE(reader.read({}).state, ReadState::Done);
}

LUTHIEN_TEST(tst_response_reader, TestResponseReader)
#include "tst_response_reader.moc"
