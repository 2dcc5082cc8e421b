"""Four source systems in miniature: TST (thu, sổ, thẻ), Giám định BHYT, QLNS, IAM. All invented."""
