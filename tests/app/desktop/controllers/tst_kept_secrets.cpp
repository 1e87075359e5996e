// SPDX-License-Identifier: Apache-2.0
#include "desktop/controllers/kept_secrets.h"
#include "support/test_registry.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace luthien;
using namespace luthien::desktop;
using namespace Qt::StringLiterals;

namespace {
/// Keeps keys as files of a folder; stands in for "luthiend secret".
constexpr const char* kProgram = "case $2 in\n"
                                 "list) ls \"$1\";;\n"
                                 "set) cat > \"$1/$3\";;\n"
                                 "remove) rm \"$1/$3\" || exit 1;;\n"
                                 "esac\n";
} // namespace

class TestKeptSecrets : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void namesAreListedSetAndRemoved()
    {
        KeptSecrets secrets({u"/bin/sh"_s, u"-c"_s, QString::fromUtf8(kProgram), u"sh"_s, m_directory.path()});
        secrets.refresh();
        QTRY_VERIFY(!secrets.isBusy());
        QCOMPARE(secrets.names(), QStringList());
        secrets.set(u" openai "_s, u"sk-1"_s);
        QTRY_COMPARE(secrets.names(), QStringList{u"openai"_s});
        QFile kept(m_directory.filePath(u"openai"_s));
        QVERIFY(kept.open(QIODevice::ReadOnly));
        QCOMPARE(kept.readAll(), QByteArray("sk-1\n"));
        QTRY_VERIFY(!secrets.isBusy());
        secrets.remove(u"openai"_s);
        QTRY_COMPARE(secrets.names(), QStringList());
        QCOMPARE(secrets.problem(), QString());
    }

    void whatGoesWrongIsTold()
    {
        KeptSecrets secrets({u"/bin/sh"_s, u"-c"_s, u"echo 'luthiend: the keychain is locked' >&2; exit 1"_s});
        secrets.refresh();
        QTRY_COMPARE(secrets.problem(), u"luthiend: the keychain is locked"_s);
        KeptSecrets missing({u"/nowhere/luthiend"_s});
        missing.refresh();
        QTRY_VERIFY(missing.problem().contains(u"/nowhere/luthiend"_s));
        QVERIFY(!missing.isBusy());
    }

private:
    const QTemporaryDir m_directory;
};

LUTHIEN_TEST(tst_kept_secrets, TestKeptSecrets)
#include "tst_kept_secrets.moc"
