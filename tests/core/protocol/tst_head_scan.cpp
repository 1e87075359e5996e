// SPDX-License-Identifier: Apache-2.0
#include "protocol/head_scan.h"
#include "support/test_registry.h"

#include <string>

using namespace luthien::protocol;

Q_DECLARE_METATYPE(luthien::protocol::HeadFault)

class TestHeadScan : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsTheEndOfAHead();
    void namesTheFault_data();
    void namesTheFault();
    void findsTheEndOfChunkLines_data();
    void findsTheEndOfChunkLines();
    void boundsWhatTheLinesOfABodyHold();
};

void TestHeadScan::findsTheEndOfAHead()
{
    const std::string head = "GET / HTTP/1.1\r\nA: b\r\n\r\n";
    const std::string bytes = head + "\r\nrest";
    for (std::size_t cut = 0; cut <= head.size(); ++cut) {
        HeadScan scan(head.size());
        const auto first = scan.scan(std::string_view(bytes).substr(0, cut));
        QCOMPARE(first.consumed, cut);
        QCOMPARE(first.state == ScanState::Complete, cut == head.size());
        if (first.state == ScanState::Complete)
            continue;
        QCOMPARE(scan.hasBegun(), cut != 0);
        const auto second = scan.scan(std::string_view(bytes).substr(cut));
        QCOMPARE(second.state, ScanState::Complete);
        QCOMPARE(cut + second.consumed, head.size());
    }
}

void TestHeadScan::namesTheFault_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<HeadFault>("fault");
    QTest::addColumn<qsizetype>("at");
    QTest::newRow("LF in a line") << QByteArray("a\nb") << HeadFault::BareLf << qsizetype(1);
    QTest::newRow("LF at once") << QByteArray("\n") << HeadFault::BareLf << qsizetype(0);
    QTest::newRow("LF at a line's start") << QByteArray("a\r\n\n") << HeadFault::BareLf << qsizetype(3);
    QTest::newRow("CR in a line") << QByteArray("a\rb") << HeadFault::BareCr << qsizetype(2);
    QTest::newRow("two CRs") << QByteArray("a\r\r\n") << HeadFault::BareCr << qsizetype(2);
    QTest::newRow("CR where the head might end") << QByteArray("a\r\n\rb") << HeadFault::BareCr << qsizetype(4);
    QTest::newRow("NUL") << QByteArray("a\0b", 3) << HeadFault::NulByte << qsizetype(1);
    QTest::newRow("a space that folds") << QByteArray("a\r\n b") << HeadFault::ObsFold << qsizetype(3);
    QTest::newRow("a tab that folds") << QByteArray("a\r\n\tb") << HeadFault::ObsFold << qsizetype(3);
    QTest::newRow("one byte too many") << QByteArray("0123456789abcdefX") << HeadFault::TooLarge << qsizetype(16);
}

void TestHeadScan::namesTheFault()
{
    QFETCH(const QByteArray, bytes);
    QFETCH(const HeadFault, fault);
    QFETCH(const qsizetype, at);
    HeadScan whole(16);
    const auto step = whole.scan({bytes.data(), static_cast<std::size_t>(bytes.size())});
    QCOMPARE(step.state, ScanState::Failed);
    QCOMPARE(whole.fault(), fault);
    QCOMPARE(step.consumed, static_cast<std::size_t>(at));

    HeadScan single(16);
    for (qsizetype i = 0; i < at; ++i)
        QCOMPARE(single.scan({bytes.data() + i, 1}).state, ScanState::NeedMore);
    QCOMPARE(single.scan({bytes.data() + at, 1}).state, ScanState::Failed);
    QCOMPARE(single.fault(), fault);
}

void TestHeadScan::findsTheEndOfChunkLines_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<qsizetype>("length"); // -1: refused
    QTest::addColumn<bool>("isLast");
    QTest::newRow("a size") << QByteArray("5\r\nhello") << qsizetype(3) << false;
    QTest::newRow("zeros before a size") << QByteArray("0a0\r\n") << qsizetype(5) << false;
    QTest::newRow("the last one") << QByteArray("0\r\n\r\nGET") << qsizetype(5) << true;
    QTest::newRow("the last one with trailers")
        << QByteArray("00;x\r\nA: b\r\nC: d\r\n\r\nGET") << qsizetype(20) << true;
    QTest::newRow("a CR in quotes") << QByteArray("5;a=\"\r\n\"\r\n") << qsizetype(-1) << false;
    QTest::newRow("a quote behind a backslash") << QByteArray("5;a=\"\\\"\"\r\nx") << qsizetype(10) << false;
    QTest::newRow("a tab in an extension") << QByteArray("5;\ta\r\n") << qsizetype(-1) << false;
    QTest::newRow("no digit") << QByteArray(";a\r\n") << qsizetype(-1) << false;
    QTest::newRow("CR alone behind the size") << QByteArray("5\rx") << qsizetype(-1) << false;
    QTest::newRow("NUL in a trailer") << QByteArray("0\r\na\0b\r\n\r\n", 10) << qsizetype(-1) << false;
}

void TestHeadScan::findsTheEndOfChunkLines()
{
    QFETCH(const QByteArray, bytes);
    QFETCH(const qsizetype, length);
    QFETCH(const bool, isLast);
    for (qsizetype cut = 0; cut <= bytes.size(); ++cut) {
        ChunkScan scan;
        const std::string_view all(bytes.data(), static_cast<std::size_t>(bytes.size()));
        auto step = scan.scan(all.substr(0, static_cast<std::size_t>(cut)));
        const auto before = step.consumed;
        if (step.state == ScanState::NeedMore) {
            QCOMPARE(before, static_cast<std::size_t>(cut));
            step = scan.scan(all.substr(before));
            step.consumed += before;
        }
        QCOMPARE(step.state, length < 0 ? ScanState::Failed : ScanState::Complete);
        if (length >= 0) {
            QCOMPARE(step.consumed, static_cast<std::size_t>(length));
            QCOMPARE(scan.isLast(), isLast);
        }
    }
}

void TestHeadScan::boundsWhatTheLinesOfABodyHold()
{
    ChunkScan plain;
    for (int i = 0; i < 100'000; ++i) {
        QCOMPARE(plain.scan(i == 0 ? "1\r\n" : "\r\nffffffffffffffff\r\n").state, ScanState::Complete);
        plain.next();
    }
    ChunkScan padded;
    const std::string line = "\r\n1;" + std::string(1000, 'a') + "\r\n";
    int lines = 0;
    std::string_view next = std::string_view(line).substr(2);
    while (lines < 100 && padded.scan(next).state == ScanState::Complete) {
        padded.next();
        next = line;
        ++lines;
    }
    QCOMPARE(lines, 16);
}

LUTHIEN_TEST(tst_head_scan, TestHeadScan)
#include "tst_head_scan.moc"
