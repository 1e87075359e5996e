// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/upstreams_model.h"
#include "support/test_registry.h"

#include <QAbstractItemModelTester>
#include <QtTest>

using namespace luthien;
using namespace Qt::StringLiterals;
using desktop::UpstreamsModel;

class TestUpstreamsModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsWhereCallsAreSent()
    {
        UpstreamsModel model({
            {.name = "anthropic", .baseUrl = "https://api.anthropic.com", .api = proxy::ApiFamily::Anthropic},
            {.name = "evil\xe2\x80\xae", .baseUrl = "http://127.0.0.1:11434", .api = proxy::ApiFamily::Ollama},
        });
        const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(model.rowCount(), 2);
        const auto text = [&model](int row, int role) { return model.index(row).data(role).toString(); };
        QCOMPARE(text(0, UpstreamsModel::NameRole), u"anthropic"_s);
        QCOMPARE(text(0, UpstreamsModel::AddressRole), u"https://api.anthropic.com"_s);
        QCOMPARE(text(1, UpstreamsModel::NameRole), u"evil\u2039U+202E\u203a"_s); // nothing hides
        QVERIFY(text(0, UpstreamsModel::ApiRole) != text(1, UpstreamsModel::ApiRole));
        for (const QByteArray& name : model.roleNames()) // one row of QML has them all
            QVERIFY2(QList<QByteArray>({"name", "address", "api", "credential"}).contains(name), name.constData());
    }
};

LUTHIEN_TEST(tst_upstreams_model, TestUpstreamsModel)
#include "tst_upstreams_model.moc"
