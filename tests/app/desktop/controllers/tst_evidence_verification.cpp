// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/evidence_verification.h"
#include "support/test_registry.h"

#include <QtTest>

#include <atomic>
#include <thread>

using namespace luthien;
using namespace Qt::StringLiterals;
using desktop::EvidenceVerification;

namespace {
constexpr std::int64_t kLinks = 1000;

/// Stops in the middle for as long as goesOn is false and nobody gives up.
desktop::EvidenceSource sourceThatWaits(const std::atomic<bool>& goesOn)
{
    return {.head = [] { return Result<store::EvidenceHead>(store::EvidenceHead{.number = kLinks}); },
            .keyId = [] { return Result<std::string>(std::string()); },
            .key = [] { return std::shared_ptr<const store::EvidenceKey>(); },
            .verify = [&goesOn](const store::EvidenceCheck& check) -> Result<store::EvidenceReport> {
                while (check.progress(kLinks / 2) && !goesOn)
                    std::this_thread::sleep_for(std::chrono::milliseconds(1));
                return store::EvidenceReport{.head = {.number = kLinks}};
            }};
}
} // namespace

class TestEvidenceVerification : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsHowFarItIsAndIsStopped()
    {
        std::atomic<bool> goesOn = false;
        EvidenceVerification evidence(sourceThatWaits(goesOn));
        evidence.refresh();
        QTRY_COMPARE(evidence.head().section(u':', 0, 0), u"1000"_s);
        QCOMPARE(evidence.signature(), u"Not signed"_s);
        evidence.start();
        QVERIFY(evidence.isRunning());
        QTRY_COMPARE(evidence.progress(), 0.5);
        evidence.cancel();
        QTRY_VERIFY(!evidence.isRunning());
        QCOMPARE(evidence.outcome(), EvidenceVerification::NotVerified); // half of a chain says nothing
        QCOMPARE(evidence.report(), QString());

        goesOn = true; // and another time it is carried through
        evidence.start();
        QTRY_COMPARE(evidence.outcome(), EvidenceVerification::Holds);
        QCOMPARE(evidence.report(), u"%1 links hold."_s.arg(QLocale().toString(kLinks)));
    }

    void isStoppedByTheEndOfTheWindow()
    {
        const std::atomic<bool> goesOn = false;
        EvidenceVerification evidence(sourceThatWaits(goesOn));
        evidence.start();
        QVERIFY(evidence.isRunning()); // its destructor waits for it
    }
};

LUTHIEN_TEST(tst_evidence_verification, TestEvidenceVerification)
#include "tst_evidence_verification.moc"
