"""The register of VAT numbers of the European Union."""
