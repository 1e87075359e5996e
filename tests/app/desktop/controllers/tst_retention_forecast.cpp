// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/retention_forecast.h"
#include "support/sample_store.h"
#include "support/test_registry.h"

#include <QTest>

using namespace luthien;
using namespace luthien::desktop;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {
/// The sample store's calls begin then, a microsecond apart.
constexpr TimePoint kRecorded = fromMicros(1'790'000'000'000'000);

class LaterClock final : public Clock
{
public:
    [[nodiscard]] TimePoint now() const override { return kRecorded + std::chrono::days(40); }
    [[nodiscard]] SteadyPoint steady() const override { return {}; }
};
} // namespace

class TestRetentionForecast : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        for (int i = 0; i < 3; ++i)
            m_store.add({.id = CallId::make(kRecorded), .session = "sess-" + std::to_string(i)});
        QVERIFY(m_store.flush());
    }

    void wholeSessionsAreCountedWithTheirBytes()
    {
        const auto reader = m_store.openReader();
        QVERIFY(reader.hasValue());
        const auto never = [] { return false; };
        const auto all = sumOlderThan(**reader, kRecorded + std::chrono::days(1), never);
        QCOMPARE(all->sessions, 3);
        QVERIFY(all->bytes > 0);
        QCOMPARE(sumOlderThan(**reader, kRecorded, never)->sessions, 0);
        QCOMPARE(sumOlderThan(**reader, kRecorded, [] { return true; }).error().code, ErrorCode::Timeout);
    }

    void theNewestWishIsAnswered()
    {
        RetentionForecast forecast([this] { return m_store.openReader(); }, m_clock);
        forecast.forecast(u"30d"_s, u"off"_s);
        QTRY_VERIFY(!forecast.isRunning() && !forecast.texts().isEmpty());
        QVERIFY2(forecast.texts().contains(u"3 sessions"_s), qPrintable(forecast.texts()));
        QVERIFY(forecast.metadata().contains(u"until somebody deletes it"_s));
        forecast.forecast(u"half typ"_s, u"off"_s);
        QVERIFY2(!forecast.isRunning(), "what is no value is not asked");
        forecast.forecast(u"30d"_s, u"41d"_s);
        forecast.forecast(u"60d"_s, u"60d"_s);
        QTRY_VERIFY(forecast.texts().contains(u"no whole session"_s));
        QCOMPARE(forecast.problem(), QString());
    }

private:
    test::SampleStore m_store;
    const LaterClock m_clock;
};

LUTHIEN_TEST(tst_retention_forecast, TestRetentionForecast)
#include "tst_retention_forecast.moc"
