// SPDX-License-Identifier: Apache-2.0
#include "core/policy/approval_world.h"
#include "desktop/controllers/rule_trial.h"
#include "support/test_registry.h"

#include <QSemaphore>

#include <memory>

using namespace luthien;
using namespace Qt::StringLiterals;
using desktop::RuleTrial;

class TestRuleTrial : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsStoppedSaysNothing()
    {
        const policy::test::ManualClock clock;
        QSemaphore entered;
        std::uint64_t matched = 99;
        RuleTrial trial(clock, [&](const auto&, const std::stop_token& stop) {
            if (matched == 99) {
                QSemaphore ends;
                const std::stop_callback wake(stop, [&ends] { ends.release(); });
                entered.release();
                ends.acquire();
            }
            return archive::RulePreview{.matched = std::exchange(matched, 7)};
        });
        QStringList said;
        connect(&trial, &RuleTrial::changed, this, [&] { said += trial.text(); });
        trial.look({});
        QVERIFY(trial.text().startsWith(u"Looking"_s));
        entered.acquire();
        trial.stop(u"Nothing to look for"_s);
        // Lookups run one after the other: what the first one found arrives before what the next one finds.
        trial.look({});
        QTRY_VERIFY(said.last().contains(u" 7 of "_s));
        QCOMPARE(said.size(), 4);
        QCOMPARE(said[1], u"Nothing to look for"_s);
        QCOMPARE(said[2], said[0]);
    }

    void itsEndWaitsForWhatRuns()
    {
        const policy::test::ManualClock clock;
        QSemaphore entered;
        bool isOver = false;
        auto trial = std::make_unique<RuleTrial>(clock, [&](const auto&, const std::stop_token& stop) {
            QSemaphore ends;
            const std::stop_callback wake(stop, [&ends] { ends.release(); });
            entered.release();
            ends.acquire();
            isOver = true;
            return archive::RulePreview();
        });
        trial->look({});
        entered.acquire();
        trial.reset();
        QVERIFY(isOver);
    }
};

LUTHIEN_TEST(tst_rule_trial, TestRuleTrial)
#include "tst_rule_trial.moc"
