// SPDX-License-Identifier: Apache-2.0
#include "proxy/watched_calls.h"
#include "support/test_registry.h"

#include <QObject>

#include <string>
#include <utility>
#include <vector>

using namespace luthien;
using namespace luthien::proxy;

class TestWatchedCalls : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void theOldestAreCutOff_data()
    {
        QTest::addColumn<std::vector<std::size_t>>("bytes");
        QTest::addColumn<QString>("cut");
        using Bytes = std::vector<std::size_t>;
        QTest::newRow("within both bounds") << Bytes{30, 30, 30} << QString();
        QTest::newRow("one call too many") << Bytes{1, 1, 1, 1} << QStringLiteral("0 ");
        QTest::newRow("too many bytes") << Bytes{60, 30, 11} << QStringLiteral("0 ");
        QTest::newRow("as many as it takes") << Bytes{30, 30, 100} << QStringLiteral("0 1 ");
        QTest::newRow("one that is too large by itself") << Bytes{10, 101, 20} << QStringLiteral("0 1 ");
    }
    void theOldestAreCutOff()
    {
        QFETCH(std::vector<std::size_t>, bytes);
        QFETCH(QString, cut);
        WatchedCalls calls({.calls = 3, .bytes = 100});
        QString found;
        for (std::size_t i = 0; i < bytes.size(); ++i)
            calls.add(idOf(i), bytes[i], [&found, i] { found += QString::number(i) + QLatin1Char(' '); });
        QCOMPARE(found, cut);
    }

    void whatWaitsNoMoreTakesNoRoom()
    {
        WatchedCalls calls({.calls = 2, .bytes = 100});
        std::vector<std::size_t> cut;
        for (std::size_t i = 0; i < 10; ++i) {
            calls.add(idOf(i), 50, [&cut, i] { cut.push_back(i); });
            if (i > 0)
                calls.remove(idOf(i));
        }
        calls.remove(idOf(7)); // has long gone
        QVERIFY(cut.empty());
        calls.add(idOf(10), 50, [] {});
        calls.add(idOf(11), 50, [] {});
        QCOMPARE(cut, std::vector<std::size_t>{0});
    }

    /// As a handler does: the call it ends is taken out by the way.
    void aCallMayLeaveTheListWhileItIsCutOff()
    {
        WatchedCalls calls({.calls = 1, .bytes = 100});
        int cut = 0;
        for (std::size_t i = 0; i < 3; ++i)
            calls.add(idOf(i), 1, [&, i] {
                ++cut;
                calls.remove(idOf(i));
            });
        QCOMPARE(cut, 2);
    }

private:
    CallId idOf(std::size_t i)
    {
        while (m_ids.size() <= i)
            m_ids.push_back(CallId::make(TimePoint()));
        return m_ids[i];
    }
    std::vector<CallId> m_ids;
};

LUTHIEN_TEST(tst_watched_calls, TestWatchedCalls)
#include "tst_watched_calls.moc"
