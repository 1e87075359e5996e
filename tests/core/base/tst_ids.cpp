// SPDX-License-Identifier: Apache-2.0
#include "base/ids.h"
#include "support/test_registry.h"

#include <unordered_set>

using namespace luthien;

class TestIds : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void freshIdsAreVersion7AndAscend()
    {
        const TimePoint now = fromMicros(1'764'000'000'123'456);
        std::unordered_set<CallId> seen;
        CallId last;
        for (int i = 0; i < 20'000; ++i) { // far more than fit into one millisecond's counter
            const CallId id = CallId::make(now);
            QVERIFY(last < id);
            last = id;
            seen.insert(id);
        }
        QCOMPARE(seen.size(), std::size_t(20'000));
        const std::string text = last.toString();
        QCOMPARE(text[14], '7');
        QVERIFY(std::string("89ab").find(text[19]) != std::string::npos);
    }

    void textAndBytesAgree()
    {
        const CallId id = CallId::make(fromMicros(1'764'000'000'123'456));
        const auto back = CallId::parse(id.toString());
        QVERIFY(back);
        QCOMPARE(*back == id, true);
        QVERIFY(!id.isNil());
        QVERIFY(CallId().isNil());
        QCOMPARE(CallId::parse("0195D2C6-7A00-7000-8000-00000000000A")->toString(),
                 std::string("0195d2c6-7a00-7000-8000-00000000000a"));
    }

    void refusesOtherText_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("too short") << QByteArray("0195d2c6-7a00-7000-8000-00000000000");
        QTest::newRow("a dash in the wrong place") << QByteArray("0195d2c67-a00-7000-8000-00000000000a");
        QTest::newRow("a letter beyond f") << QByteArray("0195d2c6-7a00-7000-8000-00000000000g");
        QTest::newRow("a quote") << QByteArray("0195d2c6-7a00-7000-8000-0000000000'a");
    }

    void refusesOtherText()
    {
        QFETCH(QByteArray, text);
        QVERIFY(!CallId::parse(text.toStdString()));
    }

    void knowsSafeLabels_data()
    {
        QTest::addColumn<QByteArray>("label");
        QTest::addColumn<bool>("safe");
        QTest::newRow("a uuid") << QByteArray("0195d2c6-7a00-7000-8000-00000000000a") << true;
        QTest::newRow("every allowed mark") << QByteArray("aZ9._:-") << true;
        QTest::newRow("128 bytes") << QByteArray(128, 'a') << true;
        QTest::newRow("129 bytes") << QByteArray(129, 'a') << false;
        QTest::newRow("empty") << QByteArray() << false;
        QTest::newRow("a space") << QByteArray("a b") << false;
        QTest::newRow("a slash") << QByteArray("../a") << false;
        QTest::newRow("a NUL") << QByteArray("a\0b", 3) << false;
        QTest::newRow("a letter outside ASCII") << QByteArray("\xc3\xa9") << false;
    }

    void knowsSafeLabels()
    {
        QFETCH(QByteArray, label);
        QFETCH(bool, safe);
        QCOMPARE(isSafeLabel(std::string_view(label.constData(), static_cast<std::size_t>(label.size()))), safe);
    }
};

LUTHIEN_TEST(tst_ids, TestIds)
#include "tst_ids.moc"
