// SPDX-License-Identifier: Apache-2.0
#include "desktop/options.h"
#include "support/test_registry.h"

using namespace Qt::StringLiterals;
using namespace luthien::desktop;

class TestOptions : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void takesWhatTheContractNames()
    {
        const auto options = parseOptions({u"--data-dir"_s, u"/d"_s, u"--config=/c"_s, u"--listen"_s, u"h:1"_s});
        QVERIFY(options);
        QCOMPARE(options->action, Options::Action::Run);
        QCOMPARE(options->dataDirectory, u"/d"_s);
        QCOMPARE(options->configFile, u"/c"_s);
        QCOMPARE(options->listen, u"h:1"_s);
        QCOMPARE(parseOptions({u"--self-test"_s})->action, Options::Action::SelfTest);
        QCOMPARE(parseOptions({u"--help"_s})->action, Options::Action::ShowHelp);
        QCOMPARE(parseOptions({u"--version"_s})->action, Options::Action::ShowVersion);
    }

    void refusesTheRest_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("an unknown option") << QStringList{u"--nope"_s};
        QTest::newRow("an option without its value") << QStringList{u"--listen"_s};
        QTest::newRow("a word that stands alone") << QStringList{u"serve"_s};
    }
    void refusesTheRest()
    {
        QFETCH(QStringList, arguments);
        const auto options = parseOptions(arguments);
        QVERIFY(!options);
        QCOMPARE(options.error().code, luthien::ErrorCode::InvalidArgument);
    }
};

LUTHIEN_TEST(tst_options, TestOptions)
#include "tst_options.moc"
